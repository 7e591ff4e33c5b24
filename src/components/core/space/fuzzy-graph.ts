import {edgeScale} from "./edge-scale.js";
import type {LayoutTask} from "./layout.js";

/** Edges between cells, each in both directions, ordered by `from`, then `to`. */
export interface FuzzyGraph {
  from: Int32Array;
  to: Int32Array;
  /** Above 0, at most 1. */
  strength: Float64Array;
}

/**
 * UMAP's fuzzy simplicial set (McInnes, Healy and Melville 2018, algorithms 2 and 3): around each cell distances are
 * measured from its nearest neighbor and scaled so that its edges add up to log2(k); the edge of two cells is the
 * fuzzy union of how each sees the other.
 */
export function fuzzyGraph(task: Nearest): FuzzyGraph {
  const {count, k, indices} = task;
  const strengths = edgeStrengths(task);
  const outgoing = sortedRows(count, k, indices, strengths);
  const incoming = transpose(count, outgoing);
  return union(count, outgoing, incoming);
}

/** The neighbors of a layout task. */
type Nearest = Pick<LayoutTask, "count" | "k" | "indices" | "distances">;

interface SparseRows {
  start: Int32Array;
  column: Int32Array;
  value: Float64Array;
}

const smallestScale = 1e-3;

function edgeStrengths({count, k, indices, distances}: Nearest): Float64Array {
  const strengths = new Float64Array(count * k);
  const overall = distances.reduce((sum, distance) => sum + distance, 0) / Math.max(distances.length, 1);
  for (let cell = 0; cell < count; cell += 1) {
    const mine = distances.subarray(cell * k, (cell + 1) * k);
    const nearest = mine.find((distance) => distance > 0) ?? 0;
    const mean = nearest > 0 ? mine.reduce((sum, distance) => sum + distance, 0) / k : overall;
    const scale = Math.max(edgeScale(mine, nearest, Math.log2(k)), smallestScale * mean);
    for (let j = 0; j < k; j += 1) {
      const at = cell * k + j;
      if (indices[at] < 0 || indices[at] === cell) continue;
      const beyond = mine[j] - nearest;
      strengths[at] = beyond <= 0 ? 1 : Math.exp(-beyond / scale);
    }
  }
  return strengths;
}

function sortedRows(count: number, k: number, indices: Int32Array, strengths: Float64Array): SparseRows {
  const start = new Int32Array(count + 1);
  const column = new Int32Array(count * k);
  const value = new Float64Array(count * k);
  let at = 0;
  for (let cell = 0; cell < count; cell += 1) {
    const order = Array.from({length: k}, (_, j) => cell * k + j).filter((entry) => strengths[entry] > 0);
    order.sort((a, b) => indices[a] - indices[b]);
    for (const entry of order) {
      column[at] = indices[entry];
      value[at++] = strengths[entry];
    }
    start[cell + 1] = at;
  }
  return {start, column: column.subarray(0, at), value: value.subarray(0, at)};
}

function transpose(count: number, {start, column, value}: SparseRows): SparseRows {
  const turned = {
    start: new Int32Array(count + 1),
    column: new Int32Array(column.length),
    value: new Float64Array(value.length)
  };
  for (const cell of column) turned.start[cell + 1] += 1;
  for (let cell = 0; cell < count; cell += 1) turned.start[cell + 1] += turned.start[cell];
  const next = turned.start.slice();
  for (let cell = 0; cell < count; cell += 1) {
    for (let at = start[cell]; at < start[cell + 1]; at += 1) {
      const target = next[column[at]]++;
      turned.column[target] = cell;
      turned.value[target] = value[at];
    }
  }
  return turned;
}

/** Merges the rows of both: a + b - a b where both have an edge. */
function union(count: number, a: SparseRows, b: SparseRows): FuzzyGraph {
  const edges = countUnion(count, a, b);
  const from = new Int32Array(edges);
  const to = new Int32Array(edges);
  const strength = new Float64Array(from.length);
  let size = 0;
  for (let cell = 0; cell < count; cell += 1) {
    let i = a.start[cell];
    let j = b.start[cell];
    while (i < a.start[cell + 1] || j < b.start[cell + 1]) {
      const left = i < a.start[cell + 1] ? a.column[i] : Infinity;
      const right = j < b.start[cell + 1] ? b.column[j] : Infinity;
      const mine = left <= right ? a.value[i++] : 0;
      const theirs = right <= left ? b.value[j++] : 0;
      from[size] = cell;
      to[size] = Math.min(left, right);
      strength[size++] = mine + theirs - mine * theirs;
    }
  }
  return {from, to, strength};
}

/** Entries of the union of both, counted first, so that no room is taken for entries that both have. */
function countUnion(count: number, a: SparseRows, b: SparseRows): number {
  let shared = 0;
  for (let cell = 0; cell < count; cell += 1) {
    let i = a.start[cell];
    let j = b.start[cell];
    while (i < a.start[cell + 1] && j < b.start[cell + 1]) {
      const difference = a.column[i] - b.column[j];
      if (difference === 0) shared += 1;
      if (difference <= 0) i += 1;
      if (difference >= 0) j += 1;
    }
  }
  return a.column.length + b.column.length - shared;
}
