/** Parameters of a UMAP layout (McInnes, Healy and Melville 2018). */
export interface LayoutParameters {
  /** Neighbors that a cell is bound to, itself among them, as UMAP counts (default 15). */
  neighbors: number;
  /** Minimum distance of points on the map, at most `spread`; null: by the number of cells, see `defaultMinDist` (default). */
  minDist: number | null;
  /** Scale of the map (default 1). */
  spread: number;
  /** Of the random numbers of start and layout (default 42). */
  seed: number;
  /** Epochs of the layout; null: 500, 400, 300 or 200 for up to 2,500, 5,000, 7,500 or more cells (default). */
  epochs: number | null;
}

/** The defaults of every layout. */
export const layoutDefaults: Readonly<LayoutParameters> = {
  neighbors: 15,
  minDist: null,
  spread: 1,
  seed: 42,
  epochs: null
};

/** What a layout engine begins with. */
export interface LayoutTask {
  /** Cells, at least 4. */
  count: number;
  /** Neighbors of each cell, itself first; less than `count`. */
  k: number;
  /** count x k cell numbers, nearest first, the cell itself at the head. */
  indices: Int32Array;
  /** count x k distances, 0 at the head. */
  distances: Float64Array;
  /** count x 2: where the cells begin. */
  start: Float64Array;
  minDist: number;
  spread: number;
  epochs: number;
  /** Share of UMAP's full step in the first epoch, above 0 to 1; it falls to 0 with the epochs. */
  rate: number;
  /** Uniform random numbers in [0, 1). */
  random: () => number;
}

/** A layout that is being computed. */
export interface LayoutRun {
  /** Computes one more epoch; returns the number of epochs done. */
  step(): number;
  /** Copies the positions (count x 2) into `target`. */
  read(target: Float32Array): void;
}

/** A library that lays out a neighbor graph. */
export interface LayoutEngine {
  /** Display name ("umap-js"). */
  readonly name: string;
  /** Builds the graph; synchronous, the longest piece without a pause. */
  begin(task: LayoutTask): LayoutRun;
}
