import {WorkbookError} from "../errors.js";
import {meanError} from "./mean-error.js";
import {nearestOnMap} from "./nearest-on-map.js";
import {openCloseness, type Closeness} from "../vectors/closeness.js";
import type {Metric} from "../vectors/metric.js";
import {createRandom} from "../random.js";
import {createBreath, rowsOf, type WorkOptions} from "../vectors/work.js";

/** Options of `trustworthiness`. */
export interface TrustOptions extends WorkOptions {
  /** Of the space that is mapped (default "cosine"); on the map distances are Euclidean. */
  metric?: Metric;
  /** Up to this many cells all are asked (default 5000); above, a sample. */
  exactUpTo?: number;
  /** Cells in the sample (default 1000). */
  sample?: number;
  /** Seed of the sample (default 0). */
  seed?: number;
}

/** How far a map's neighbors can be trusted. */
export interface Trust {
  /** 0 to 1; 1: every neighbor on the map is a neighbor in the space. */
  value: number;
  /** Standard error of the value over the cells that were looked at. */
  error: number;
  k: number;
  /** Cells whose neighbors were looked at; each was ranked against all others. */
  asked: number;
  /** Cells. */
  count: number;
}

/**
 * Trustworthiness (Venna and Kaski 2001; as scikit-learn computes it): how far the `k` nearest of each cell on the map
 * (`positions`: x, y, x, y, ...) stand in the order of its neighbors in the space (`vectors`, row-major). Of equally
 * distant cells the one with the lower number comes first. Exact for up to `exactUpTo` cells; above, the mean over a
 * seeded sample of cells, each against all others.
 * Throws a WorkbookError if sizes disagree or k is not below half the number of cells, where the score is not defined.
 */
export async function trustworthiness(
  vectors: Float32Array,
  width: number,
  positions: Float32Array,
  k: number,
  options: TrustOptions = {}
): Promise<Trust> {
  const {metric = "cosine", exactUpTo = 5000, sample = 1000, seed = 0} = options;
  const count = rowsOf(vectors, width);
  if (rowsOf(positions, 2) !== count) throw wrongMap(positions.length / 2, count);
  if (!Number.isInteger(k) || k < 1 || k >= count / 2) throw wrongCount(k, count);
  const asked = count <= exactUpTo ? Int32Array.from({length: count}, (_, i) => i) : sampleRows(count, sample, seed);
  const breathe = createBreath(options);
  const rows = await openCloseness(vectors, width, metric, breathe);
  const {tile} = rows;
  const closeness = new Float32Array(tile * count);
  const penalties = new Float64Array(asked.length);
  for (let from = 0; from < asked.length; from += tile) {
    const cells = asked.subarray(from, from + tile);
    rows.setColumns(cells);
    for (let right = 0; right < rows.tiles; right += 1) {
      keepColumns(rows.products(right), rows, right * tile, cells.length, closeness, count);
      await breathe(from / asked.length);
    }
    for (const [i, cell] of cells.entries()) {
      const mine = closeness.subarray(i * count, (i + 1) * count);
      penalties[from + i] = penaltyOf(cell, mine, nearestOnMap(positions, cell, k), rows);
      await breathe((from + i) / asked.length);
    }
  }
  const scale = 2 / (k * (2 * count - 3 * k - 1));
  const perCell = penalties.reduce((sum, penalty) => sum + penalty, 0) / asked.length;
  return {value: 1 - perCell * scale, error: meanError(penalties) * scale, k, asked: asked.length, count};
}

/** By how many places the cell's neighbors on the map lie beyond its k nearest in the space, in all. */
function penaltyOf(cell: number, closeness: Float32Array, onMap: Int32Array, rows: Closeness): number {
  // What float32 leaves open: the rounding of both products, and of what is kept of them.
  const open = 2 * rows.error + 2 ** -22;
  const theirs = Float64Array.from(onMap, (neighbor) => closeness[neighbor]);
  const lowest = theirs.reduce((least, value) => Math.min(least, value), Infinity) - open;
  const ranks = new Int32Array(onMap.length).fill(1);
  for (let j = 0; j < closeness.length; j += 1) {
    // Most cells are farther than all neighbors on the map.
    const close = closeness[j];
    if (close < lowest || j === cell) continue;
    for (let i = 0; i < onMap.length; i += 1) {
      const nearer = close - theirs[i];
      if (nearer > open || (nearer >= -open && isNearer(rows, cell, j, onMap[i]))) ranks[i] += 1;
    }
  }
  return ranks.reduce((sum, rank) => sum + Math.max(0, rank - onMap.length), 0);
}

/** Whether `one` comes before `other` in the order of the cell's neighbors. */
function isNearer({distance}: Closeness, cell: number, one: number, other: number): boolean {
  if (one === other) return false;
  const difference = distance(cell, one) - distance(cell, other);
  return difference < 0 || (difference === 0 && one < other);
}

/** Keeps a tile of products, as closeness, with the asked cells as rows. */
function keepColumns(
  products: Float32Array,
  {tile, half}: Closeness,
  from: number,
  asked: number,
  closeness: Float32Array,
  count: number
): void {
  const to = Math.min(tile, count - from);
  // What is taken off for the asked cell itself is the same for all, and left out.
  for (let column = 0; column < asked; column += 1) {
    const target = column * count + from;
    for (let row = 0; row < to; row += 1) closeness[target + row] = products[row * tile + column] - half[from + row];
  }
}

/** `size` different numbers below `count`, ascending (selection sampling; Knuth, 3.4.2, algorithm S). */
function sampleRows(count: number, size: number, seed: number): Int32Array {
  const random = createRandom(seed);
  const chosen: number[] = [];
  for (let row = 0; row < count && chosen.length < size; row += 1) {
    if ((count - row) * random.next() < size - chosen.length) chosen.push(row);
  }
  return Int32Array.from(chosen);
}

function wrongMap(found: number, expected: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "length-mismatch",
    fault: `the map has ${found} cells, the space ${expected}`,
    remedy: "give the map of the same cells"
  });
}

function wrongCount(k: number, count: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "bad-neighbor-count",
    fault: `Trustworthiness of ${k} neighbors is not defined for ${count} cells`,
    remedy: `ask for a whole number from 1 to ${Math.max(1, Math.ceil(count / 2) - 1)}, or for more cells`
  });
}
