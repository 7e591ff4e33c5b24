import {streamRows} from "../anndata/stream-rows.js";
import {normalize} from "../cells/normalize.js";
import {samplingSeeds} from "../cells/sampling-seeds.js";
import {cellSentence} from "../cells/sentence.js";
import {controlSentences} from "../embed/control-sentences.js";
import {withoutChromosomes} from "../embed/without-chromosomes.js";
import type {Bundle} from "../model/bundle.js";
import {logNormalize} from "../space/log-normalize.js";
import type {Sampling, SeedRule} from "../types.js";
import type {PreparedCells} from "./prepare-cells.js";

/**
 * What can be broken on purpose. "shuffled order": the tokens behind CLS in another order. "no chromosome tokens": genes
 * only. "random weights": `withRandomWeights`. "log-normalized input": log(1 + counts per 10,000) taken for counts.
 */
export type BreakName = "shuffled order" | "no chromosome tokens" | "random weights" | "log-normalized input";

/** All breaks, in the order in which a page offers them. */
export const breakNames: readonly BreakName[] = [
  "shuffled order",
  "no chromosome tokens",
  "random weights",
  "log-normalized input"
];

/** How sentences are made of cells. */
export interface SentenceChoices {
  sampling: Sampling;
  seeds: SeedRule;
  bundle: Bundle;
  signal?: AbortSignal;
}

/**
 * The sentences of `prepared.rows` under the seeds of a run, as the model is given them: whole, or with
 * `broken` done to them ("random weights" leaves sentences whole). Null where a cell cannot be sampled. Holds all of them, so
 * for some hundreds of cells. Throws what the reader throws, and the signal's reason.
 */
export async function brokenCells(
  prepared: PreparedCells,
  broken: BreakName | null,
  choices: SentenceChoices
): Promise<(Int32Array | null)[]> {
  if (prepared.files !== undefined) {
    const each: (Int32Array | null)[] = [];
    for (const file of prepared.files) each.push(...(await brokenCells(file.prepared, broken, choices)));
    return each;
  }
  const {sampling, seeds, bundle, signal} = choices;
  const {anndata, matrix, alignment, rows} = prepared;
  const constants = bundle.manifest.sentence;
  const names = seeds === "name" ? anndata.obsNames() : [];
  const sentences: (Int32Array | null)[] = [];
  for await (const block of streamRows(anndata, matrix, {rows, blockRows: 256, signal})) {
    const seedOf = await samplingSeeds(seeds, block.rows, {nCells: anndata.nObs, names: () => names});
    for (const cell of normalize(broken === "log-normalized input" ? logNormalize(block) : block, alignment)) {
      sentences.push(cellSentence(cell, alignment, {sampling, seed: seedOf(cell.row, 0), constants}).tokens);
    }
    await new Promise<void>((resolve) => void setTimeout(resolve, 0));
  }
  if (broken === "no chromosome tokens") {
    const chromosomes = new Set(bundle.genes.map(({chromosome}) => chromosome));
    return sentences.map((tokens) => (tokens === null ? null : withoutChromosomes(tokens, constants, chromosomes)));
  }
  if (broken !== "shuffled order") return sentences;
  const there = sentences.filter((tokens) => tokens !== null);
  const shuffled = controlSentences(there, constants, [])["shuffled order"].values();
  return sentences.map((tokens) => (tokens === null ? null : shuffled.next().value!));
}
