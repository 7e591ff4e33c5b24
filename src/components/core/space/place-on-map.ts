import {WorkbookError} from "../errors.js";
import {createRandom} from "../random.js";
import type {Neighbors} from "../vectors/neighbors.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";
import {defaultMinDist} from "./default-min-dist.js";
import {edgeScale} from "./edge-scale.js";
import {layoutCurve} from "./layout-curve.js";
import {type LayoutForces, layoutForces} from "./layout-forces.js";

/** Options of `placeOnMap`. */
export interface PlaceOptions extends WorkOptions {
  /** Minimum distance that the map was laid out with (`defaultMinDist` of its points). */
  minDist?: number;
  /** Epochs; 100 up to 10,000 cells and 30 above, as in umap-learn. */
  epochs?: number;
  /** Of the points that repel (42). */
  seed?: number;
}

const negativeSamples = 5;
const longestStep = 4;
/** umap-learn moves new points at a quarter of its first rate, which is 1. */
const firstRate = 0.25;

/**
 * Places cells on a map that is there, whose points do not move: UMAP's transform (McInnes, Healy and Melville 2018; as umap-learn does it). `neighbors` are each cell's nearest
 * points of the map, `map` their positions (x, y by turns, all finite). A cell begins at the mean of its neighbors, weighted by the strength of its edges, exp(-distance / scale);
 * then it alone is moved along the gradient of UMAP's loss, attracted by its neighbors and repelled by random points of the map. Gives a position a cell, x, y by turns, NaN for one
 * without neighbors. Cells do not depend on each other but through the random numbers: equal input gives equal output. Throws a WorkbookError of domain "space" ("bad-shape") for a
 * map with a point that has no place, and the signal's reason.
 */
export async function placeOnMap(
  neighbors: Neighbors,
  map: Float32Array,
  {minDist = defaultMinDist(map.length / 2), epochs, seed = 42, ...work}: PlaceOptions = {}
): Promise<Float32Array> {
  const missing = map.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) throw noPlace(missing >> 1);
  const {count, k, indices} = neighbors;
  const strengths = edgesOf(neighbors);
  const positions = weightedMeans(neighbors, strengths, map);
  const rounds = epochs ?? (count <= 10_000 ? 100 : 30);
  const task = {indices, strengths, k, map, rounds, forces: layoutForces(layoutCurve(1, minDist))};
  const random = createRandom(seed);
  const breathe = createBreath(work);
  for (let cell = 0; cell < count; cell += 1) {
    settle(task, cell, positions, random.next);
    await breathe(cell / count);
  }
  return Float32Array.from(positions);
}

/** Strength of each cell's edges, 0 to 1, 0 for none; a cell that is not of the map has no edge that is certain. */
function edgesOf({count, k, indices, distances}: Neighbors): Float64Array {
  const strengths = new Float64Array(count * k);
  for (let cell = 0; cell < count; cell += 1) {
    const mine = distances.subarray(cell * k, (cell + 1) * k);
    const mean = mine.reduce((sum, distance) => sum + distance, 0) / k;
    const scale = Math.max(edgeScale(mine, 0, Math.log2(k)), 1e-3 * mean);
    for (let j = 0; j < k; j += 1) {
      if (indices[cell * k + j] < 0) continue;
      strengths[cell * k + j] = mine[j] <= 0 ? 1 : Math.exp(-mine[j] / scale);
    }
  }
  return strengths;
}

function weightedMeans({count, k, indices}: Neighbors, strengths: Float64Array, map: Float32Array): Float64Array {
  const positions = new Float64Array(2 * count).fill(NaN);
  for (let cell = 0; cell < count; cell += 1) {
    let [x, y, sum] = [0, 0, 0];
    for (let at = cell * k; at < (cell + 1) * k; at += 1) {
      if (strengths[at] === 0) continue;
      x += strengths[at] * map[2 * indices[at]];
      y += strengths[at] * map[2 * indices[at] + 1];
      sum += strengths[at];
    }
    positions.set([x / sum, y / sum], 2 * cell);
  }
  return positions;
}

interface PlaceTask {
  indices: Int32Array;
  strengths: Float64Array;
  k: number;
  map: Float32Array;
  rounds: number;
  forces: LayoutForces;
}

/** All epochs of one cell: an edge is due the more often, the stronger it is; the strongest of the cell in every epoch. */
function settle(
  {indices, strengths, k, map, rounds, forces: {attract, repel}}: PlaceTask,
  cell: number,
  positions: Float64Array,
  random: () => number
): void {
  const mine = strengths.subarray(cell * k, (cell + 1) * k);
  const strongest = mine.reduce((most, strength) => Math.max(most, strength), 0);
  if (strongest === 0) return;
  const points = map.length / 2;
  const move = (other: number, force: (square: number) => number, rate: number): void => {
    const [dx, dy] = [positions[2 * cell] - map[2 * other], positions[2 * cell + 1] - map[2 * other + 1]];
    const square = dx * dx + dy * dy;
    if (square === 0) return;
    const strength = force(square);
    positions[2 * cell] += rate * clip(strength * dx);
    positions[2 * cell + 1] += rate * clip(strength * dy);
  };
  for (let epoch = 0; epoch < rounds; epoch += 1) {
    const rate = firstRate * (1 - epoch / rounds);
    for (let j = 0; j < k; j += 1) {
      const share = mine[j] / strongest;
      if (Math.floor((epoch + 1) * share) === Math.floor(epoch * share)) continue;
      move(indices[cell * k + j], attract, rate);
      for (let n = 0; n < negativeSamples; n += 1) move(Math.floor(random() * points), repel, rate);
    }
  }
}

function clip(step: number): number {
  return Math.max(-longestStep, Math.min(longestStep, step));
}

function noPlace(point: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "bad-shape",
    fault: `point ${point} of the map has no position`,
    remedy: "leave cells without a position out of the map that others are placed on"
  });
}
