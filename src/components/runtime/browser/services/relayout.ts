import {transfer} from "comlink";
import {nearestNeighbors, type Neighbors} from "../../../core/vectors/neighbors.js";
import {umapLayout} from "../../../core/space/umap-layout.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";

/** A map of the last run's vectors. */
export interface MapOfSeed {
  seed: number;
  rows: Int32Array;
  /** x and y by turns for `rows`. */
  positions: Float32Array;
  ms: number;
}

/** Parameters of a layout that is looked at beside the run's own. */
export interface LayoutRequest {
  neighbors: number;
  minDist: number;
  epochs: number | null;
  seed: number;
}

/** Neighbors of the last vectors that were asked for: seeds and distances do not change them. */
let kept: {of: object; k: number; known: Neighbors} | null = null;

/**
 * Lays the last run's vectors out once more, under other parameters or another seed; the run's own map stays what it is.
 * Null before a run. `onProgress` counts rounds. Rejects with a WorkbookError of domain "space".
 */
export async function relayout(
  context: WorkerContext,
  {neighbors, minDist, epochs, seed}: LayoutRequest,
  {signal, onProgress}: TaskOptions
): Promise<MapOfSeed | null> {
  const cells = context.vectors()?.cells;
  if (cells === undefined) return null;
  const {rows: all, index, vectors, width} = cells;
  const start = performance.now();
  const k = Math.max(1, Math.min(neighbors - 1, index.length - 1));
  onProgress(0, 1);
  if (kept?.of !== cells || kept.k !== k)
    kept = {of: cells, k, known: await nearestNeighbors(vectors, width, k, {signal})};
  const {known} = kept;
  let positions = new Float32Array(0);
  for await (const frame of umapLayout(vectors, width, context.layoutEngine, {
    neighbors,
    minDist,
    seed,
    epochs,
    known,
    interval: 250,
    signal
  })) {
    positions = frame.positions as Float32Array<ArrayBuffer>;
    onProgress(frame.epoch, Math.max(1, frame.epochs));
  }
  const rows = index.map((place) => all[place]);
  return transfer({seed, rows, positions, ms: performance.now() - start}, [rows.buffer, positions.buffer]);
}
