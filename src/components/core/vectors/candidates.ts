import type {Closeness} from "./closeness.js";

/** For each cell the others that are closest to it by products in float32. */
export interface Candidates {
  /** Cells x `most`, closest first, -1 where there are fewer. */
  readonly cells: Int32Array;
  readonly most: number;
  /** A cell that is no candidate is at most this close; -Infinity where a list has room. */
  readonly floor: Float64Array;
  /** Most by which a closeness of float32 products differs from the true one. */
  readonly error: number;
  /** The closeness of two cells of this distance. */
  ofDistance(distance: number): number;
}

/** Finds at least `k` candidates by cosine for each row of `vectors` (row-major, `width` wide). Calls `breathe` with the share done. */
export type CandidateFinder = (
  vectors: Float32Array,
  width: number,
  k: number,
  breathe: (share: number) => Promise<void>
) => Promise<Candidates>;

/** Candidates that are being collected. */
export interface OpenCandidates extends Candidates {
  /** Offers each cell of two tiles to each of the other, once the rows of `left` are the columns of products. */
  offerTile(left: number, right: number): void;
}

/**
 * Empty lists of `most` candidates for each of `count` cells. Of equally close ones the lower number is kept. Only pairs that `isCandidate` allows are
 * taken; it is symmetric.
 */
export function createCandidates(
  rows: Closeness,
  count: number,
  most: number,
  isCandidate: (cell: number, other: number) => boolean
): OpenCandidates {
  const cells = new Int32Array(count * most).fill(-1);
  const closeness = new Float64Array(count * most).fill(-Infinity);
  const floor = new Float64Array(count).fill(-Infinity);
  const {half, tile} = rows;

  function offer(cell: number, other: number, close: number): void {
    const first = cell * most;
    let at = first + most - 1;
    if (close === closeness[at] && cells[at] < other) return;
    for (; at > first; at -= 1) {
      const before = closeness[at - 1];
      if (before > close || (before === close && cells[at - 1] < other)) break;
      closeness[at] = before;
      cells[at] = cells[at - 1];
    }
    closeness[at] = close;
    cells[at] = other;
    floor[cell] = closeness[first + most - 1];
  }

  return {
    cells,
    most,
    floor,
    error: rows.error,
    ofDistance: rows.ofDistance,
    offerTile(left, right) {
      const products = rows.products(right);
      const firstOther = left * tile;
      const others = Math.min(tile, count - firstOther);
      for (let i = 0; i < tile && right * tile + i < count; i += 1) {
        const cell = right * tile + i;
        const mine = half[cell];
        const end = left === right ? i : others;
        for (let j = 0; j < end; j += 1) {
          const other = firstOther + j;
          const close = products[i * tile + j] - mine - half[other];
          if (close < floor[cell] && close < floor[other]) continue;
          if (!isCandidate(cell, other)) continue;
          if (close >= floor[cell]) offer(cell, other, close);
          if (close >= floor[other]) offer(other, cell, close);
        }
      }
    }
  };
}
