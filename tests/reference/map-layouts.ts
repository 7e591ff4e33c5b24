// node --import tsx tests/reference/map-layouts.ts: writes tests/fixtures/map-layouts/tissue-N.json, maps of the demo's tissue with more
// droplets under the defaults of `umap`, for tests of what a map looks like. Sentences of 96 genes: eight times as quick, and enough for islands.
// --keep DIR: vectors of an earlier call are taken from there.
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {writeAnnData} from "../../src/components/adapters/h5wasm-write.js";
import {cortexWithBlood} from "../../src/components/core/demo/cortex-with-blood.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {readProvenance} from "../../src/components/core/tables/provenance.js";
import {readUmap} from "../../src/components/core/tables/umap.js";
import {loadH5wasm} from "../../src/components/runtime/node-h5wasm.js";
import {demoTissue} from "../core/demo/demo-tissue.js";
import {shortModel} from "../short-model.js";

const {values} = parseArgs({options: {keep: {type: "string"}}});
const folder = values.keep ?? mkdtempSync(join(tmpdir(), "layouts-"));
const genes = 96;
mkdirSync(folder, {recursive: true});
mkdirSync("tests/fixtures/map-layouts", {recursive: true});

function cli(...args: string[]): void {
  const {status, stderr} = spawnSync(process.execPath, ["src/cli.js", ...args], {stdio: ["ignore", "inherit", "pipe"]});
  if (status !== 0) throw new Error(stderr.toString());
}

/** The demo's tissue with about `n` droplets: cell types and where the file is. */
async function tissueOf(n: number): Promise<{path: string; cellType: string[]}> {
  const factor = n / 260;
  const times = (cells: number) => Math.round(cells * factor);
  const {parts, dying, doublets, nearEmpty} = cortexWithBlood;
  const tissue = demoTissue({
    parts: parts.map((part) => ({...part, cells: times(part.cells)})),
    dying: {...dying, cells: times(dying.cells)},
    doublets: times(doublets),
    nearEmpty: {...nearEmpty, cells: times(nearEmpty.cells)}
  });
  const path = join(folder, `tissue-${n}.h5ad`);
  if (!existsSync(path)) {
    const {File} = await import("h5wasm/node");
    const file = new File(path, "w");
    const obsNames = tissue.cellType.map((_, i) => `simulated-${i + 1}`);
    writeAnnData(file, {counts: tissue.counts, obsNames, varNames: tissue.symbols, obs: {cell_type: tissue.cellType}});
    file.close();
  }
  return {path, cellType: tissue.cellType};
}

/** Positions on a grid of 10,000 steps over the longer side: a hundredth of what a screen shows. */
function stepsOf(positions: Float32Array): number[] {
  let [left, low, span] = [Infinity, Infinity, 0];
  for (let i = 0; i < positions.length; i += 2) {
    left = Math.min(left, positions[i]);
    low = Math.min(low, positions[i + 1]);
  }
  for (let i = 0; i < positions.length; i += 2) span = Math.max(span, positions[i] - left, positions[i + 1] - low);
  return Array.from(positions, (value, i) => Math.round((1e4 * (value - (i % 2 === 0 ? left : low))) / span));
}

await loadH5wasm();
try {
  for (const n of [2000, 10_000]) {
    const {path, cellType} = await tissueOf(n);
    const [embeddings, map] = [`embeddings-${n}.arrow`, `map-${n}.arrow`].map((name) => join(folder, name));
    if (!existsSync(embeddings)) cli("embed", path, "--model", await shortModel(folder, genes), "--out", embeddings);
    cli("umap", embeddings, "--out", map);
    const table = tableFromBytes(new Uint8Array(readFileSync(map)));
    const {index, positions} = readUmap(table);
    const groups = [...new Set(cellType)].sort();
    const made = {
      about: `${index.length} droplets of the demo's tissue, by tests/reference/map-layouts.ts`,
      minDist: readProvenance(table)!.parameters.minDist,
      groups,
      group: Array.from(index, (place) => groups.indexOf(cellType[place])),
      positions: stepsOf(positions)
    };
    writeFileSync(`tests/fixtures/map-layouts/tissue-${n}.json`, `${JSON.stringify(made)}\n`);
  }
} finally {
  if (values.keep === undefined) rmSync(folder, {recursive: true});
}
