import {readFileSync} from "node:fs";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import {cortexWithBlood} from "../../../src/components/core/demo/cortex-with-blood.js";
import {readProfiles} from "../../../src/components/core/demo/profiles.js";
import {simulateTissue} from "../../../src/components/core/demo/simulate-tissue.js";
import type {TissueRecipe} from "../../../src/components/core/demo/simulate-tissue.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";

let read: ReturnType<typeof readDemoProfiles> | undefined;

/** The committed profiles, the symbols of their genes, and which are mitochondrial. */
export function demoProfiles() {
  return (read ??= readDemoProfiles());
}

function readDemoProfiles() {
  const profiles = readProfiles(tableFromBytes(readFileSync("src/data/demo-profiles.arrow")));
  const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
  const symbolOf = new Map(genes.map(({token, symbol}) => [token, symbol]));
  const symbols = Array.from(profiles.tokens, (token) => symbolOf.get(token) ?? "");
  return {profiles, symbols, mitochondrial: symbols.map((symbol) => symbol.startsWith("MT-"))};
}

/** The demo, or with other numbers, and what is asked of its droplets. */
export function demoTissue(changes: Partial<TissueRecipe> = {}) {
  const {profiles, symbols, mitochondrial} = demoProfiles();
  const tissue = simulateTissue(profiles, mitochondrial, {...cortexWithBlood, ...changes});
  const {indptr, indices, values} = tissue.counts;
  const nCells = tissue.cellType.length;
  const entries = (cell: number) => Array.from({length: indptr[cell + 1] - indptr[cell]}, (_, i) => indptr[cell] + i);
  const totals = Array.from({length: nCells}, (_, i) => entries(i).reduce((sum, at) => sum + values[at], 0));
  const mitochondrialShare = totals.map(
    (total, i) => entries(i).reduce((sum, at) => sum + (mitochondrial[indices[at]] ? values[at] : 0), 0) / total
  );
  const genesPerCell = totals.map((_, i) => indptr[i + 1] - indptr[i]);
  return {...tissue, profiles, symbols, nCells, entries, totals, mitochondrialShare, genesPerCell};
}

/** Middle value; of an even number the upper of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
