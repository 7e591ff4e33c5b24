import {logNormalize} from "../space/log-normalize.js";
import type {CsrBlock} from "../types.js";
import type {Alignment} from "./align.js";
import {effectiveGenes} from "./effective-genes.js";
import {normalize} from "./normalize.js";

/** How evenly each cell's probabilities are spread; one entry a cell that has probabilities. */
export interface ProbabilitySpread {
  /** Rows of those cells, ascending. */
  rows: Int32Array;
  /** Aligned genes with a probability. */
  nGenes: Int32Array;
  /** Largest probability: the chance that a draw is of the cell's most probable gene. */
  largest: Float64Array;
  /** Effective number of genes (`effectiveGenes`). */
  effective: Float64Array;
  /** The same, had the file held log(1 + counts per 10,000) in place of counts. */
  effectiveIfLogged: Float64Array;
  /** Cells that were looked at and have no probabilities: nothing on aligned genes, or values that are no counts. */
  without: number;
}

/** Normalizes every row of `blocks` and measures how evenly its probabilities are spread. Throws what `blocks` throws. */
export async function measureSpread(blocks: AsyncIterable<CsrBlock>, alignment: Alignment): Promise<ProbabilitySpread> {
  const rows: number[] = [];
  const nGenes: number[] = [];
  const largest: number[] = [];
  const effective: number[] = [];
  const effectiveIfLogged: number[] = [];
  let without = 0;
  for await (const block of blocks) {
    const logged = normalize(logNormalize(block), alignment);
    for (const [i, {row, status, probabilities}] of normalize(block, alignment).entries()) {
      if (status !== "ok") {
        ++without;
        continue;
      }
      rows.push(row);
      nGenes.push(probabilities.length);
      largest.push(probabilities.reduce((most, probability) => Math.max(most, probability), 0));
      effective.push(effectiveGenes(probabilities));
      effectiveIfLogged.push(effectiveGenes(logged[i].probabilities));
    }
  }
  return {
    rows: Int32Array.from(rows),
    nGenes: Int32Array.from(nGenes),
    largest: Float64Array.from(largest),
    effective: Float64Array.from(effective),
    effectiveIfLogged: Float64Array.from(effectiveIfLogged),
    without
  };
}
