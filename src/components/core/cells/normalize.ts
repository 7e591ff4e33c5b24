import type {CellStatus, CsrBlock} from "../types.js";
import type {Alignment} from "./align.js";

/** One cell's distribution over the aligned genes, zeros not stored, and what was counted in it. */
export interface CellProbabilities {
  /** Row of the cell in its file. */
  row: number;
  /**
   * "ok": `probabilities` can be sampled. "empty": no counts on aligned genes. "failed": a value on an aligned gene is NaN,
   * infinite or negative, or so small that the probabilities do not sum to 1; numpy would refuse such a distribution.
   */
  status: CellStatus;
  /** Aligned index of each probability, ascending; empty unless status is "ok". */
  genes: Int32Array;
  /** log1p(count) / sum of log1p(counts), float32, each above 0 or underflowed to it; they sum to 1. */
  probabilities: Float32Array;
  /** Sum of the row's values over all genes of the file; NaN or infinite where a value is. */
  totalCounts: number;
  /** Genes of the file, aligned or not, with a value above 0. */
  nGenes: number;
  /** Sum of the row's values over aligned genes. */
  alignedCounts: number;
  /** The first value that made the cell fail, and the aligned index it stands at; null unless status is "failed". */
  fault: {gene: number; value: number} | null;
}

/** numpy's `choice` refuses float32 probabilities whose sum is further than this from 1 (square root of float32's epsilon). */
const sumTolerance = 3.4526698300124393e-4;
const smallestSum = Math.fround(1e-8);

/** float32 log1p of the whole numbers that most counts are. */
const logOfCount = Float32Array.from({length: 4096}, (_, count) => Math.log1p(count));

/**
 * Normalizes every row of a block over its aligned genes: w = log1p(count), w = w / max(sum(w), 1e-8), in float32. A row
 * that cannot be used gets a status and the others go on; one that a filter leaves out is "empty". Values on genes that the model does not have decide nothing;
 * they only enter `totalCounts` and `nGenes`.
 *
 * Rounding: count to float32, log1p correctly rounded to float32, the sum in float64 and then rounded to float32, a
 * float32 quotient. numpy's own float32 log1p and sum differ in the last bit between versions and processors; these
 * are the values in their middle (docs/sampling.md has the measurements).
 */
export function normalize(block: CsrBlock, alignment: Alignment): CellProbabilities[] {
  return Array.from(block.rows, (row, i) => normalizeRow(block, alignment, row, block.indptr[i], block.indptr[i + 1]));
}

function normalizeRow(block: CsrBlock, alignment: Alignment, row: number, from: number, to: number): CellProbabilities {
  const {indices, values} = block;
  const {alignedOfColumn, leftOutRows} = alignment;
  const isLeftOut = leftOutRows?.[row] === 1;
  const genes = new Int32Array(to - from);
  const probabilities = new Float32Array(to - from);
  const cell: CellProbabilities = {
    row,
    status: "empty",
    genes,
    probabilities,
    totalCounts: 0,
    nGenes: 0,
    alignedCounts: 0,
    fault: null
  };
  let stored = 0;
  let logSum = 0;
  for (let entry = from; entry < to; ++entry) {
    const value = values[entry];
    cell.totalCounts += value;
    if (value > 0) ++cell.nGenes;
    const gene = alignedOfColumn[indices[entry]];
    if (gene < 0 || isLeftOut) continue;
    cell.alignedCounts += value;
    const count = Math.fround(value);
    if (count === 0) continue;
    if (!(count > 0 && count < Infinity)) {
      cell.fault ??= {gene, value};
      continue;
    }
    genes[stored] = gene;
    probabilities[stored] = logOfCount[count] ?? Math.log1p(count);
    logSum += probabilities[stored];
    ++stored;
  }
  if (cell.fault === null && stored > 0) divide(cell, stored, Math.max(Math.fround(logSum), smallestSum));
  if (cell.fault !== null) cell.status = "failed";
  if (cell.status !== "ok") stored = 0;
  cell.genes = genes.slice(0, stored);
  cell.probabilities = probabilities.slice(0, stored);
  return cell;
}

/**
 * Divides by `sum` and checks what numpy's `choice` checks. Only a sum below 1e-8 can fail it: each quotient is within
 * 2^-24 of exact, relative to itself, and so is `sum`, so otherwise the total is within 2e-7 of 1.
 */
function divide(cell: CellProbabilities, stored: number, sum: number): void {
  const {probabilities, genes} = cell;
  let total = 0;
  for (let i = 0; i < stored; ++i) {
    probabilities[i] /= sum;
    total += probabilities[i];
  }
  if (Math.abs(total - 1) <= sumTolerance) cell.status = "ok";
  else cell.fault = {gene: genes[0], value: cell.alignedCounts};
}
