import type {AnnData} from "./anndata.js";
import {boundedRows} from "./bounded-rows.js";
import {geneBlock} from "./gene-block.js";
import {countScales, recoverCounts, type CountScale, type RecoveredCell} from "./recover-counts.js";
import {streamStored} from "./stream-stored.js";

/** Whether counts can be recovered from a matrix that was transformed, and how surely; plain data. */
export interface CountRecovery {
  matrix: string;
  /** Whether the counts can be recovered: whole numbers in nearly every cell. */
  possible: boolean;
  /** One sentence without a full stop: what was found, or why not. */
  why: string;
  /** The scale that fits best. */
  scale: CountScale;
  /** Cells looked at that have values; of them those whose counts were found; whether all cells were looked at. */
  cells: number;
  recovered: number;
  complete: boolean;
  /** Rows of the cells looked at, how far each is from whole counts (0 to 0.5), and its sum of counts (NaN: not found). */
  rows: Int32Array;
  errors: Float64Array;
  totals: Float64Array;
  /** What every cell's counts were scaled to before the logarithm, if they agree within 1 % (10,000); null if not, or if they never were. */
  target: number | null;
  /** True if the values are log(1 + counts), never divided by the cell's total. */
  unscaled: boolean;
}

/** Share of cells that must turn out whole for a recovery to be offered. */
const enough = 0.99;
/** Cells on which the scale is found. */
const trialCells = 50;
/**
 * A cell of few different values comes out whole by chance, since ten factors are tried and then fitted (docs/normalizing.md has
 * measurements). A cell speaks if `chance` says that this is less likely than this; so many cells must speak, and such a share of those
 * that are whole.
 */
const unlikely = 1e-3;
const tellingShare = 0.1;
const tellingCells = 3;

/**
 * Looks whether the counts behind a log-normalized (or only scaled) matrix can be recovered: finds the scale on the first
 * cells, then goes through a bounded sample of the cells in `wanted` (null: all). Throws what streamRows throws.
 */
export async function findCountRecovery(
  anndata: AnnData,
  name: string,
  wanted: Int32Array | null,
  signal?: AbortSignal,
  onProgress?: (done: number, total: number) => void
): Promise<CountRecovery> {
  const matrix = anndata.matrix(name);
  const {rows, complete} = boundedRows(anndata, matrix, wanted);
  let scale: CountScale | null = null;
  const found: RecoveredCell[] = [];
  const features = anndata.features(matrix.genes);
  for await (const stored of streamStored(anndata, matrix, {rows, signal, onProgress, blockRows: trialCells})) {
    const block = geneBlock(stored, features);
    scale ??= bestScale(block);
    for (const cell of recoverCounts(block, scale)) if (cell.counts.length > 0 || !cell.recovered) found.push(cell);
    await new Promise<void>((resolve) => void setTimeout(resolve, 0));
  }
  return conclude(name, scale ?? countScales[0], found, complete);
}

/** The scale under which most cells come out whole; of several, the one with the smallest errors. */
function bestScale(block: Parameters<typeof recoverCounts>[0]): CountScale {
  const fits = countScales.map((scale) => {
    const whole = recoverCounts(block, scale).filter(({recovered, counts}) => recovered && counts.length > 0);
    return {scale, whole: whole.length, error: whole.reduce((sum, cell) => sum + cell.error, 0)};
  });
  return fits.sort((a, b) => b.whole - a.whole || a.error - b.error)[0].scale;
}

function conclude(
  matrix: string,
  scale: CountScale,
  found: readonly RecoveredCell[],
  complete: boolean
): CountRecovery {
  const whole = found.filter(({recovered}) => recovered);
  const totals = Float64Array.from(found, ({counts, recovered}) =>
    recovered ? counts.reduce((sum, count) => sum + count, 0) : NaN
  );
  const sums = found.map(({factor}, i) => factor * totals[i]).filter((sum) => !Number.isNaN(sum));
  const unscaled = whole.length > 0 && whole.every(({factor}) => Math.abs(factor - 1) < 1e-3);
  const telling = whole.filter((cell) => chance(cell) < unlikely).length;
  const tells = telling >= Math.max(tellingCells, tellingShare * whole.length);
  const possible = tells && whole.length >= enough * found.length;
  const worst = whole.reduce((most, {error}) => Math.max(most, error), 0);
  const of = `${whole.length.toLocaleString("en")} of ${found.length.toLocaleString("en")} cells`;
  const why =
    found.length === 0
      ? `${matrix} has no values to recover counts from`
      : possible
        ? `undoing ${scale.label} gives whole numbers in ${of}, none further off than ${Number(worst.toPrecision(2))}`
        : !tells && whole.length >= enough * found.length
          ? `its cells have too few different values, too far from whole numbers, to tell whether they are multiples of something`
          : `only ${of} turn out whole numbers, whichever scale is undone: the values were changed after counting in some other way, or are stored too coarsely`;
  return {
    matrix,
    possible,
    why,
    scale,
    cells: found.length,
    recovered: whole.length,
    complete,
    rows: Int32Array.from(found, ({row}) => row),
    errors: Float64Array.from(found, ({error}) => error),
    totals,
    target: unscaled ? null : common(sums),
    unscaled
  };
}

/**
 * Bound on the probability that values which are multiples of nothing come out as close to whole numbers as this cell's: each of its
 * different values within `error`, but for the two that the factor is fitted to, and a hundred for the factors tried.
 */
function chance({distinct, error}: RecoveredCell): number {
  return 100 * (2 * Math.max(error, 1e-9)) ** Math.max(0, distinct - 2);
}

/** The median of `values` if all agree with it within 1 %. */
function common(values: number[]): number | null {
  const sorted = values.slice().sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  return sorted.length >= 3 && sorted[0] > 0.99 * middle && sorted[sorted.length - 1] < 1.01 * middle ? middle : null;
}
