import type {CellSteps} from "./cell-steps.js";

/** A gene by its symbol, and how often it was drawn for each of two cells. */
export interface ComparedGene {
  symbol: string;
  here: number;
  there: number;
}

/** Genes drawn for two cells: most often drawn first, then by symbol. */
export interface ComparedDraws {
  both: ComparedGene[];
  here: ComparedGene[];
  there: ComparedGene[];
  /** Draws that the two have in common, the sum of the smaller numbers of times, as a share of one cell's draws: 0 to 1. */
  share: number;
}

/** Which genes were drawn for both of two cells, and which for one alone. Null if one of them has no sentence. */
export function compareDraws(here: CellSteps, there: CellSteps): ComparedDraws | null {
  if (here.sentence === null || there.sentence === null) return null;
  const genes = new Map<string, ComparedGene>();
  for (const [side, {symbols, sentence}] of [
    ["here", here],
    ["there", there]
  ] as const) {
    for (const gene of sentence!.draws) {
      const symbol = symbols[gene];
      const known = genes.get(symbol) ?? {symbol, here: 0, there: 0};
      known[side] += 1;
      genes.set(symbol, known);
    }
  }
  const all = [...genes.values()].sort(
    (a, b) => b.here + b.there - (a.here + a.there) || (a.symbol < b.symbol ? -1 : 1)
  );
  const common = all.reduce((sum, gene) => sum + Math.min(gene.here, gene.there), 0);
  return {
    both: all.filter((gene) => gene.here > 0 && gene.there > 0),
    here: all.filter((gene) => gene.there === 0),
    there: all.filter((gene) => gene.here === 0),
    share: common / Math.max(here.sentence.draws.length, there.sentence.draws.length)
  };
}
