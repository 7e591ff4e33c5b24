// npm run make-demo-map [-- --out FILE] [--rows A-B]: the demo's map as the command line computes it, into src/data/demo-map.json, for the
// page to show until one forms there. --rows: of these cells only.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {tableFromBytes} from "../src/components/core/tables/file.js";
import {readProvenance} from "../src/components/core/tables/provenance.js";
import {readUmap} from "../src/components/core/tables/umap.js";
import {writeDemoFile} from "../src/components/runtime/demo-file.js";
import {runCommand} from "./run-command.js";

const {values: options} = parseArgs({
  options: {out: {type: "string", default: "src/data/demo-map.json"}, rows: {type: "string"}}
});
const rowsOption = options.rows === undefined ? [] : ["--rows", options.rows];
const folder = mkdtempSync(join(tmpdir(), "demo-map-"));

try {
  const [embeddings, map] = ["embeddings.arrow", "umap.arrow"].map((name) => join(folder, name));
  const demo = await writeDemoFile(folder);
  // The precision that browsers take, so that the map is the one that forms there.
  await runCommand("embed", demo, "--precision", "int8", "--out", embeddings, ...rowsOption);
  await runCommand("umap", embeddings, "--out", map);
  const table = tableFromBytes(new Uint8Array(readFileSync(map)));
  const {rows, index, positions} = readUmap(table);
  const {source, model} = readProvenance(table)!;
  const made = {
    identity: source.identity,
    model: model!.hash,
    command: "npm run make-demo-map",
    date: new Date().toISOString().slice(0, 10),
    machine: cpus()[0].model,
    rows: Array.from(index, (place) => rows[place]),
    positions: Array.from(positions, (value) => Number(value.toFixed(3)))
  };
  writeFileSync(options.out, `${JSON.stringify(made)}\n`);
  process.stdout.write(`${options.out}: ${made.rows.length} cells\n`);
} finally {
  rmSync(folder, {recursive: true});
}
