import {fuzzyGraph} from "./fuzzy-graph.js";
import {type LayoutCurve, layoutCurve} from "./layout-curve.js";
import {type LayoutForces, layoutForces} from "./layout-forces.js";
import type {LayoutEngine, LayoutTask} from "./layout.js";

/**
 * UMAP on typed arrays: the algorithm of umap-js, epoch for epoch and random number for random number (its adapter's
 * test compares them), without its maps of strings and arrays of pairs, which take seconds for 10,000 cells before the
 * first epoch and hold up everything else meanwhile. `curve` is for tests.
 */
export function createUmapEngine(curve: (spread: number, minDist: number) => LayoutCurve = layoutCurve): LayoutEngine {
  return {
    name: "UMAP",
    begin(task) {
      const edges = schedule(task);
      const positions = task.start.slice();
      const forces = layoutForces(curve(task.spread, task.minDist));
      let epoch = 0;
      return {
        step() {
          if (epoch < task.epochs) moveAll(edges, positions, task, forces, epoch++);
          return epoch;
        },
        read(target) {
          target.set(positions);
        }
      };
    }
  };
}

const negativeSamples = 5;
const longestStep = 4;

/** Edges strong enough to be sampled at least once, and when each is due. */
interface Schedule {
  head: Int32Array;
  tail: Int32Array;
  /** Epochs between two samples of the edge: 1 for the strongest. */
  every: Float64Array;
  due: Float64Array;
  /** When the edge's next random counterpart is due. */
  dueNegative: Float64Array;
}

function schedule(task: LayoutTask): Schedule {
  const {from, to, strength} = fuzzyGraph(task);
  const strongest = strength.reduce((most, value) => Math.max(most, value), 0);
  // Kept in place: of a million cells these are tens of millions of edges.
  let kept = 0;
  for (let i = 0; i < strength.length; i += 1) {
    if (strength[i] < strongest / task.epochs) continue;
    [to[kept], from[kept]] = [to[i], from[i]];
    strength[kept++] = task.epochs / ((strength[i] / strongest) * task.epochs);
  }
  const every = strength.subarray(0, kept);
  return {
    head: to.subarray(0, kept),
    tail: from.subarray(0, kept),
    every,
    due: every.slice(),
    dueNegative: every.map((epochs) => epochs / negativeSamples)
  };
}

/** One epoch of stochastic gradient descent: every due edge attracts, and its head is repelled by random cells. */
function moveAll(
  {head, tail, every, due, dueNegative}: Schedule,
  positions: Float64Array,
  {count, epochs, rate: first, random}: LayoutTask,
  {attract, repel}: LayoutForces,
  epoch: number
): void {
  const rate = first * (epoch === 0 ? 1 : 1 - (epoch - 1) / epochs);
  for (let edge = 0; edge < head.length; edge += 1) {
    if (due[edge] > epoch) continue;
    const here = 2 * head[edge];
    const there = 2 * tail[edge];
    let dx = positions[here] - positions[there];
    let dy = positions[here + 1] - positions[there + 1];
    let square = dx * dx + dy * dy;
    if (square > 0) {
      const pull = attract(square);
      const moveX = clip(pull * dx) * rate;
      const moveY = clip(pull * dy) * rate;
      positions[here] += moveX;
      positions[here + 1] += moveY;
      positions[there] -= moveX;
      positions[there + 1] -= moveY;
    }
    due[edge] += every[edge];
    const everyNegative = every[edge] / negativeSamples;
    const samples = Math.floor((epoch - dueNegative[edge]) / everyNegative);
    for (let sample = 0; sample < samples; sample += 1) {
      const other = 2 * Math.floor(random() * count);
      dx = positions[here] - positions[other];
      dy = positions[here + 1] - positions[other + 1];
      square = dx * dx + dy * dy;
      if (square > 0) {
        const push = repel(square);
        positions[here] += clip(push * dx) * rate;
        positions[here + 1] += clip(push * dy) * rate;
      } else if (other !== here) {
        positions[here] += longestStep * rate;
        positions[here + 1] += longestStep * rate;
      }
    }
    dueNegative[edge] += Math.max(samples, 0) * everyNegative;
  }
}

function clip(step: number): number {
  return Math.max(-longestStep, Math.min(longestStep, step));
}
