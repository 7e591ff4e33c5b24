import {WorkbookError} from "../errors.js";
import {dotTile, packRows, type PackedRows, tileRows} from "./dot-tile.js";
import {createBreath, rowsOf, type WorkOptions} from "./work.js";

/** How far two cells are apart: 1 - cosine (0 to 2), or the Euclidean distance. */
export type Metric = "cosine" | "euclidean";

/** The k nearest others of every cell, nearest first; the cell itself is not among them. */
export interface Neighbors {
  /** Cells. */
  count: number;
  k: number;
  /** count x k cell numbers; -1 where a cell has fewer than k candidates. */
  indices: Int32Array;
  /** count x k distances; Infinity where there is no neighbor. */
  distances: Float64Array;
}

/** Options of `nearestNeighbors`. */
export interface NeighborOptions extends WorkOptions {
  /** Default "cosine". A vector of zeros has cosine 0 with every other. */
  metric?: Metric;
  /** Only cells of the same group are candidates: a group number a cell. */
  within?: Int32Array;
  /** Only cells of other groups are candidates: a group number a cell. */
  outside?: Int32Array;
}

/** What finds neighbors: `nearestNeighbors`, or what keeps what it found. */
export type NeighborSearch = (
  vectors: Float32Array,
  width: number,
  k: number,
  options?: NeighborOptions
) => Promise<Neighbors>;

/**
 * The `k` nearest neighbors of every row of `vectors` (row-major, `width` wide), exactly: all pairs, each computed
 * once, tile by tile in float64. Of equally distant cells the one with the lower number comes first, so the result
 * does not depend on tiles or pauses. k above the number of other cells is taken as that number.
 * Throws a WorkbookError of domain "space" for values that are not finite or groups that do not fit, and the signal's
 * reason when aborted.
 */
export async function nearestNeighbors(
  vectors: Float32Array,
  width: number,
  k: number,
  options: NeighborOptions = {}
): Promise<Neighbors> {
  const {metric = "cosine", within, outside} = options;
  const count = rowsOf(vectors, width);
  requireCount(k);
  requireGroups("within", within, count);
  requireGroups("outside", outside, count);
  const found = createNearest(count, Math.min(k, Math.max(count - 1, 0)));
  const breathe = createBreath(options);
  const tiles: PackedRows[] = [];
  const offset = metric === "euclidean" ? columnMeans(vectors, width) : undefined;
  for (let from = 0; from < count; from += tileRows) {
    tiles.push(pack(vectors, width, from, Math.min(from + tileRows, count), metric, offset));
    await breathe(0);
  }
  const out = new Float64Array(tileRows * tileRows);
  const pairs = (tiles.length * (tiles.length + 1)) / 2;
  let done = 0;
  for (let left = 0; left < tiles.length; left += 1) {
    for (let right = left; right < tiles.length; right += 1, done += 1) {
      dotTile(tiles[left], tiles[right], out);
      offerTile(found, tiles[left], tiles[right], left * tileRows, right * tileRows, out, metric, within, outside);
      await breathe(done / pairs);
    }
  }
  options.onProgress?.(1);
  if (metric === "euclidean") found.distances.forEach((square, i) => (found.distances[i] = Math.sqrt(square)));
  return found;
}

/** Distance from a product of two rows: 1 - cosine, or the squared Euclidean distance; never below 0. */
export function distanceOf(metric: Metric, product: number, squareA: number, squareB: number): number {
  return Math.max(metric === "cosine" ? 1 - product : squareA + squareB - 2 * product, 0);
}

function pack(
  vectors: Float32Array,
  width: number,
  from: number,
  to: number,
  metric: Metric,
  offset: Float64Array | undefined
): PackedRows {
  const packed = packRows(vectors, width, from, to, metric === "cosine");
  if (offset === undefined) return packed;
  // Far from the origin a distance is a small difference of large numbers: move the middle of the data there.
  for (let row = 0, at = 0; row < packed.count; row += 1) {
    let square = 0;
    for (let i = 0; i < width; i += 1, at += 1) {
      const value = packed.values[at] - offset[i];
      packed.values[at] = value;
      square += value * value;
    }
    packed.squares[row] = square;
  }
  return packed;
}

function columnMeans(vectors: Float32Array, width: number): Float64Array {
  const means = new Float64Array(width);
  for (let at = 0; at < vectors.length; at += width) for (let i = 0; i < width; i += 1) means[i] += vectors[at + i];
  const count = vectors.length / width;
  return means.map((sum) => (count > 0 ? sum / count : 0));
}

function createNearest(count: number, k: number): Neighbors {
  return {
    count,
    k,
    indices: new Int32Array(count * k).fill(-1),
    distances: new Float64Array(count * k).fill(Infinity)
  };
}

function offerTile(
  found: Neighbors,
  a: PackedRows,
  b: PackedRows,
  fromA: number,
  fromB: number,
  products: Float64Array,
  metric: Metric,
  within: Int32Array | undefined,
  outside: Int32Array | undefined
): void {
  const {k, distances} = found;
  if (k === 0) return;
  const diagonal = fromA === fromB;
  for (let i = 0; i < a.count; i += 1) {
    const cell = fromA + i;
    const square = a.squares[i];
    const lastOfCell = (cell + 1) * k - 1;
    for (let j = diagonal ? i + 1 : 0; j < b.count; j += 1) {
      const other = fromB + j;
      const distance = distanceOf(metric, products[i * b.count + j], square, b.squares[j]);
      const near = distance <= distances[lastOfCell];
      if (!near && distance > distances[(other + 1) * k - 1]) continue;
      if (within !== undefined && within[cell] !== within[other]) continue;
      if (outside !== undefined && outside[cell] === outside[other]) continue;
      if (near) offer(found, cell, other, distance);
      if (distance <= distances[(other + 1) * k - 1]) offer(found, other, cell, distance);
    }
  }
}

/** Puts `other` among the nearest of `cell` if it belongs there: by distance, then by number. */
function offer({k, indices, distances}: Neighbors, cell: number, other: number, distance: number): void {
  const first = cell * k;
  let at = first + k - 1;
  if (distance === distances[at] && indices[at] !== -1 && indices[at] < other) return;
  while (at > first && (distances[at - 1] > distance || (distances[at - 1] === distance && indices[at - 1] > other))) {
    distances[at] = distances[at - 1];
    indices[at] = indices[at - 1];
    at -= 1;
  }
  distances[at] = distance;
  indices[at] = other;
}

function requireCount(k: number): void {
  if (Number.isInteger(k) && k >= 1) return;
  throw new WorkbookError({
    domain: "space",
    code: "bad-neighbor-count",
    fault: `${k} neighbors were asked for`,
    remedy: "ask for a whole number of at least 1"
  });
}

function requireGroups(name: string, groups: Int32Array | undefined, count: number): void {
  if (groups === undefined || groups.length === count) return;
  throw new WorkbookError({
    domain: "space",
    code: "length-mismatch",
    fault: `"${name}" has ${groups.length} groups for ${count} cells`,
    remedy: "give one group for every cell"
  });
}
