// node --import tsx tests/reference/check-embeddings.ts [FOLDER] [--rows A-B]: embeds and maps every h5ad file of a folder
// through the command line, and checks one row a cell, unit vectors or nulls with a status, and a position for each vector.
import {mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {readEmbeddings} from "../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {readUmap} from "../../src/components/core/tables/umap.js";
import {main} from "../../src/components/runtime/cli/main.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";

const folder =
  process.argv[2]?.startsWith("--") || process.argv[2] === undefined ? "../shared/data/cells" : process.argv[2];
const rowsAt = process.argv.indexOf("--rows");
const rows = rowsAt < 0 ? [] : process.argv.slice(rowsAt, rowsAt + 2);
const scratch = mkdtempSync(join(tmpdir(), "check-"));
let wrong = 0;
try {
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith(".h5ad"))
    .sort()) {
    const faults = await check(join(folder, name));
    wrong += Number(faults.text !== "");
    process.stdout.write(
      `${faults.text === "" ? "ok  " : "FAIL"} ${name}: ${faults.summary}${faults.text === "" ? "" : `: ${faults.text}`}\n`
    );
  }
} finally {
  rmSync(scratch, {recursive: true});
}
process.exitCode = wrong > 0 ? 1 : 0;

async function check(file: string): Promise<{summary: string; text: string}> {
  const [embedded, mapped] = [join(scratch, "e.arrow"), join(scratch, "u.arrow")];
  const said: string[] = [];
  const streams = {
    stdout: {write: (text: string) => said.push(text)},
    stderr: {write: (text: string) => said.push(text)}
  };
  for (const argv of [
    ["embed", file, "--out", embedded, ...rows],
    ["umap", embedded, "--out", mapped]
  ]) {
    const status = await main(argv, streams);
    if (status !== 0) return {summary: `${argv[0]} exit ${status}`, text: said.join(" ").trim()};
  }
  const reader = await openH5File(file);
  const {nObs} = openAnnData(reader);
  reader.close();
  const cells = readEmbeddings(tableFromBytes(readFileSync(embedded)));
  const map = readUmap(tableFromBytes(readFileSync(mapped)));
  const expected = rows.length > 0 ? cells.rows.length : nObs;
  const faults = [
    cells.rows.length !== expected && `${cells.rows.length} rows for ${expected} cells`,
    cells.rows.some((row, i) => row !== i) && "rows out of order",
    norms(cells).some((norm) => Math.abs(norm - 1) > 1e-5) && "a vector that is not of unit length",
    map.index.length !== cells.index.length && `${map.index.length} positions for ${cells.index.length} vectors`,
    map.positions.some((value) => !Number.isFinite(value)) && "a position that is not finite"
  ].filter(Boolean);
  const trust = /trustworthiness [\d.]+/.exec(said.join(" "))?.[0] ?? "no score";
  const seconds = /in [\d.]+ s/.exec(said.join(" "))?.[0];
  return {
    summary: `${cells.rows.length} cells, ${cells.index.length} embedded ${seconds}, ${trust}`,
    text: faults.join("; ")
  };
}

function norms({vectors, width}: {vectors: Float32Array; width: number}): number[] {
  return Array.from({length: vectors.length / width}, (_, i) =>
    Math.hypot(...vectors.subarray(i * width, (i + 1) * width))
  );
}
