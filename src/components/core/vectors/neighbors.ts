import {WorkbookError} from "../errors.js";
import {createCandidates, type CandidateFinder, type Candidates} from "./candidates.js";
import {exactDistance} from "./exact-distance.js";
import {openCloseness, type Closeness} from "./closeness.js";
import type {Metric} from "./metric.js";
import {createBreath, rowsOf, type WorkOptions} from "./work.js";

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
  /** Finds candidates elsewhere than on this processor (a GPU), for cosine and without groups; the neighbors are the same. */
  candidates?: CandidateFinder;
}

/** What finds neighbors: `nearestNeighbors`, or what keeps what it found. */
export type NeighborSearch = (
  vectors: Float32Array,
  width: number,
  k: number,
  options?: NeighborOptions
) => Promise<Neighbors>;

/**
 * The `k` nearest neighbors of every row of `vectors` (row-major, `width` wide), exactly: all pairs in float32, tile by tile, then the
 * candidates that this leaves in float64. A cell whose k-th neighbor is too near its last candidate for float32's rounding to tell is
 * compared with all others in float64. Of equally distant cells the one with the lower number comes first, so the result
 * does not depend on tiles or pauses. k above the number of other cells is taken as that number.
 * Throws a WorkbookError of domain "space" for values that are not finite, groups that do not fit or a lack of memory, and the signal's
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
  if (found.k === 0) return found;
  const breathe = createBreath(options);
  const isCandidate = (cell: number, other: number) =>
    (within === undefined || within[cell] === within[other]) &&
    (outside === undefined || outside[cell] !== outside[other]);
  const finder = metric === "cosine" && within === undefined && outside === undefined ? options.candidates : undefined;
  const share = (done: number) => breathe(productShare * done);
  const candidates =
    finder === undefined
      ? await findCandidates(await openCloseness(vectors, width, metric, breathe), count, found.k, isCandidate, share)
      : await finder(vectors, width, found.k, share);
  const distance = exactDistance(vectors, width, metric);
  for (let cell = 0; cell < count; cell += 1) {
    for (let at = cell * candidates.most; at < (cell + 1) * candidates.most; at += 1) {
      const other = candidates.cells[at];
      if (other >= 0) offer(found, cell, other, distance(cell, other));
    }
    if (isUncertain(found, cell, candidates)) {
      for (let other = 0; other < count; other += 1) {
        if (other === cell || isListed(found, cell, other) || !isCandidate(cell, other)) continue;
        offer(found, cell, other, distance(cell, other));
      }
    }
    await breathe(productShare + (1 - productShare) * (cell / count));
  }
  options.onProgress?.(1);
  return found;
}

/** Candidates beyond k: with fewer, more cells would have to be compared with all others. */
const spareCandidates = 12;
/** The share of the work that products are, for the progress. */
const productShare = 0.95;

async function findCandidates(
  rows: Closeness,
  count: number,
  k: number,
  isCandidate: (cell: number, other: number) => boolean,
  breathe: (share: number) => Promise<void>
): Promise<Candidates> {
  const candidates = createCandidates(rows, count, Math.min(k + spareCandidates, count - 1), isCandidate);
  const pairs = (rows.tiles * (rows.tiles + 1)) / 2;
  for (let left = 0, done = 0; left < rows.tiles; left += 1) {
    const from = left * rows.tile;
    rows.setColumns(Int32Array.from({length: Math.min(rows.tile, count - from)}, (_, i) => from + i));
    for (let right = left; right < rows.tiles; right += 1, done += 1) {
      candidates.offerTile(left, right);
      await breathe(done / pairs);
    }
  }
  return candidates;
}

/** Whether a cell that is no candidate could be as near as the farthest neighbor found. */
function isUncertain({k, distances}: Neighbors, cell: number, {floor, error, ofDistance}: Candidates): boolean {
  return floor[cell] !== -Infinity && ofDistance(distances[(cell + 1) * k - 1]) <= floor[cell] + error;
}

function isListed({k, indices}: Neighbors, cell: number, other: number): boolean {
  return indices.subarray(cell * k, (cell + 1) * k).includes(other);
}

function createNearest(count: number, k: number): Neighbors {
  return {
    count,
    k,
    indices: new Int32Array(count * k).fill(-1),
    distances: new Float64Array(count * k).fill(Infinity)
  };
}

/** Puts `other` among the nearest of `cell` if it belongs there: by distance, then by number. */
function offer({k, indices, distances}: Neighbors, cell: number, other: number, distance: number): void {
  const first = cell * k;
  let at = first + k - 1;
  if (distance > distances[at] || (distance === distances[at] && indices[at] !== -1 && indices[at] < other)) return;
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
