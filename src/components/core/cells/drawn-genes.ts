import type {CellSteps} from "./cell-steps.js";
import {drawBand} from "./draw-band.js";

/** Genes of a cell that have one expected number of draws and were drawn equally often. */
export interface DrawnGroup {
  /** Expected number of draws: probability times draws. */
  expected: number;
  /** Times drawn. */
  drawn: number;
  /** Genes in the group. */
  genes: number;
  /** Symbols of the first few. */
  examples: string[];
  /** Whether `drawn` is within the band of 95 % (`drawBand`). */
  within: boolean;
}

const shown = 5;

/** How often each gene was drawn against how often it was expected, gathered; and the share of genes within the band. */
export function drawnGroups({probabilities, symbols, sentence}: CellSteps): {
  groups: DrawnGroup[];
  within: number;
  distinct: number;
} {
  if (sentence === null) return {groups: [], within: NaN, distinct: 0};
  const {draws, sampling} = sentence;
  const times = new Int32Array(probabilities.length);
  for (const gene of draws) ++times[gene];
  const groups = new Map<string, DrawnGroup>();
  let [within, distinct] = [0, 0];
  probabilities.forEach((probability, gene) => {
    const key = `${probability} ${times[gene]}`;
    let group = groups.get(key);
    if (group === undefined) {
      const {low, high} = drawBand(probability, draws.length, sampling);
      group = {
        expected: probability * draws.length,
        drawn: times[gene],
        genes: 0,
        examples: [],
        within: times[gene] >= low && times[gene] <= high
      };
      groups.set(key, group);
    }
    ++group.genes;
    if (group.examples.length < shown) group.examples.push(symbols[gene]);
    if (group.within) ++within;
    if (times[gene] > 0) ++distinct;
  });
  return {
    groups: [...groups.values()].sort((a, b) => a.expected - b.expected || a.drawn - b.drawn),
    within: within / probabilities.length,
    distinct
  };
}
