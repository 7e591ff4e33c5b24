import {sharedCells} from "../vectors/shared-cells.js";
import {WorkbookError} from "../errors.js";
import {nearestInSpace} from "../vectors/nearest-in-space.js";
import {meanError} from "./mean-error.js";
import {nearestOnMap} from "./nearest-on-map.js";
import {createBreath, rowsOf, type WorkOptions} from "../vectors/work.js";

/** How many of a cell's neighbors in the space are among its neighbors on the map. */
export interface NeighborOverlap {
  k: number;
  /** Cells with 0, 1, ... k shared neighbors. */
  cells: Uint32Array;
  /** Mean share, 0 to 1, and its standard error over the cells that were looked at. */
  mean: number;
  error: number;
  /** Cells that were looked at. */
  asked: number;
  /** The mean share that a map of cells strewn at random would have: k / (count - 1). */
  chance: number;
}

/**
 * The share of each cell's `k` nearest by cosine in `vectors` (row-major) that are among its `k` nearest on the map
 * (`positions`: x, y, ...), over at most `most` cells (500), evenly spread over the numbers. Throws a WorkbookError if sizes
 * disagree, and the signal's reason.
 */
export async function neighborOverlap(
  vectors: Float32Array,
  width: number,
  positions: Float32Array,
  k: number,
  options: WorkOptions & {most?: number} = {}
): Promise<NeighborOverlap> {
  const {most = 500} = options;
  const count = rowsOf(vectors, width);
  if (positions.length !== 2 * count || !(k >= 1 && k < count)) {
    throw new WorkbookError({
      domain: "space",
      code: "bad-comparison",
      fault: `${k} neighbors are to be compared on a map of ${positions.length / 2} of ${count} cells`,
      remedy: "give the map of the same cells, more of them than neighbors"
    });
  }
  const asked = Math.min(most, count);
  const cells = new Uint32Array(k + 1);
  const breathe = createBreath(options);
  const shares = new Float64Array(asked);
  for (let i = 0; i < asked; i += 1) {
    await breathe(i / asked);
    const cell = Math.floor((i * count) / asked);
    const here = sharedCells(nearestInSpace(vectors, width, cell, k).cells, nearestOnMap(positions, cell, k));
    cells[here] += 1;
    shares[i] = here / k;
  }
  const mean = shares.reduce((sum, share) => sum + share, 0) / asked;
  return {k, cells, mean, error: meanError(shares), asked, chance: k / (count - 1)};
}
