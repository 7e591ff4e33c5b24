import {UMAP} from "umap-js";
import type {LayoutEngine, LayoutRun} from "../../src/components/core/space/layout.js";

/** umap-js as a layout engine, to compare ours with. It is given our neighbors, our start and our random numbers. */
export function umapJsEngine(Umap: typeof UMAP = UMAP): LayoutEngine {
  return {
    name: "umap-js",
    begin(task) {
      const {count, k, minDist, spread, epochs, rate, random} = task;
      const shape = {nNeighbors: k, nComponents: 2, nEpochs: epochs, minDist, spread};
      const umap = new Umap({...shape, learningRate: rate, random});
      umap.setPrecomputedKNN(rowsOf(task.indices, k), rowsOf(apart(task.distances, k), k));
      // With neighbors given, umap-js asks of the vectors only how many there are.
      umap.initializeFit(Array.from({length: count}, () => []));
      const positions = placeStart(umap, task.start);
      return {step: () => umap.step(), read: (target) => copyPositions(positions, target)} satisfies LayoutRun;
    }
  };
}

/**
 * Puts the cells of an initialized UMAP where `start` (x, y, x, y, ...) says, in the place of its random start. The
 * array that `getEmbedding` returns is the one that `step` moves points in; that is not promised, so it is checked
 * here as far as it can be, and in this file's test by a run that moves nothing.
 */
export function placeStart(umap: UMAP, start: ArrayLike<number>): number[][] {
  const positions = umap.getEmbedding();
  const flat = positions.length * 2 === start.length && positions.every((point) => point.length === 2);
  if (!flat || umap.getEmbedding() !== positions) {
    throw new Error(`umap-js holds ${positions.length} points where ${start.length / 2} were given`);
  }
  positions.forEach((point, i) => {
    point[0] = start[2 * i];
    point[1] = start[2 * i + 1];
  });
  return positions;
}

function copyPositions(positions: readonly number[][], target: Float32Array): void {
  positions.forEach(([x, y], i) => {
    target[2 * i] = x;
    target[2 * i + 1] = y;
  });
}

/**
 * A cell all of whose neighbors are copies of it gets its last one a hair away: every edge is as strong as before,
 * and umap-js is spared the mean of all distances, which it takes anew for each such cell.
 */
function apart(distances: Float64Array, k: number): Float64Array {
  const moved = distances.slice();
  for (let last = k - 1; last < moved.length; last += k) if (moved[last] === 0) moved[last] = 1e-12;
  return moved;
}

function rowsOf(values: ArrayLike<number>, k: number): number[][] {
  return Array.from({length: values.length / k}, (_, i) => Array.from({length: k}, (_, j) => values[i * k + j]));
}
