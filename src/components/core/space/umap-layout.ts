import {unitRows} from "../vectors/unit-rows.js";
import {WorkbookError} from "../errors.js";
import {defaultMinDist} from "./default-min-dist.js";
import {learningRate} from "./learning-rate.js";
import {layoutDefaults, type LayoutEngine, type LayoutParameters} from "./layout.js";
import {denseMatrix} from "./matrices.js";
import type {Metric} from "../vectors/metric.js";
import {nearestNeighbors, type Neighbors} from "../vectors/neighbors.js";
import {principalComponents} from "./principal-components.js";
import {createRandom} from "../random.js";
import {withSelf} from "./with-self.js";
import {createBreath, rowsOf, type WorkOptions} from "../vectors/work.js";

/** A state of the map while it forms. */
export interface LayoutFrame {
  /** Epochs done; 0 for the start. */
  epoch: number;
  epochs: number;
  /** Cells x 2: x, y, x, y, ...; an array of its own for every frame. */
  positions: Float32Array;
}

/** Options of `umapLayout`. */
export interface UmapOptions extends Partial<LayoutParameters> {
  /** Default "cosine". */
  metric?: Metric;
  /** Neighbors found before, with at least `neighbors` - 1 of each cell; found here if left out. */
  known?: Neighbors;
  /** Least time between two frames, milliseconds (default 100; 0: every epoch; Infinity: only first and last). */
  interval?: number;
  signal?: AbortSignal;
  /** Share of the search for neighbors that is done, between the start's frame and the next. */
  onProgress?: (share: number) => void;
  /** Lets other work run between epochs; default a zero timeout. */
  pause?: () => Promise<void>;
}

/**
 * The UMAP map of `vectors` (row-major, `width` wide), as it forms. Yields the start (epoch 0: the first two principal
 * components, scaled to 10 units, with noise of 1e-4), then a frame about every `interval` milliseconds, and last the
 * finished map. The result depends on vectors and parameters alone, not on interval or pauses.
 *
 * Few cells: none gives no positions; one stands at the origin; two or three stay where the components put them
 * (epochs 0); with as many cells as neighbors or fewer, every cell is bound to all others but the farthest.
 * Throws a WorkbookError of domain "space" for parameters that make no sense or values that are not finite, and the
 * signal's reason when aborted.
 */
export async function* umapLayout(
  vectors: Float32Array,
  width: number,
  engine: LayoutEngine,
  options: UmapOptions = {}
): AsyncGenerator<LayoutFrame, void, undefined> {
  const {metric = "cosine", interval = 100, signal, onProgress, pause} = options;
  const parameters = withDefaults(options);
  const count = rowsOf(vectors, width);
  const random = createRandom(parameters.seed);
  const epochs = count < 4 ? 0 : (parameters.epochs ?? defaultEpochs(count));
  const work = {signal, pause, onProgress};

  const start = await layoutStart(vectors, width, metric, random.normal, {signal, pause});
  signal?.throwIfAborted();
  yield {epoch: 0, epochs, positions: Float32Array.from(start)};
  if (epochs === 0) return;

  const k = Math.min(parameters.neighbors, count - 1);
  const found = options.known ?? (await nearestNeighbors(vectors, width, Math.max(k - 1, 1), {...work, metric}));
  const {spread} = parameters;
  const minDist = parameters.minDist ?? Math.min(defaultMinDist(count), spread);
  const rate = learningRate(count);
  const run = engine.begin({...withSelf(found, count, k), start, minDist, spread, epochs, rate, random: random.next});

  const breathe = createBreath({signal, pause});
  let shown = performance.now();
  for (let epoch = 0; epoch < epochs;) {
    await breathe(epoch / epochs);
    epoch = run.step();
    if (epoch < epochs && performance.now() - shown < interval) continue;
    const positions = new Float32Array(count * 2);
    run.read(positions);
    requireFinite(positions);
    signal?.throwIfAborted();
    yield {epoch, epochs, positions};
    shown = performance.now();
  }
}

function withDefaults(options: UmapOptions): LayoutParameters {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const parameters: LayoutParameters = {...layoutDefaults, ...given};
  const {neighbors, minDist, spread, seed, epochs} = parameters;
  requireThat(isCount(neighbors, 2), "neighbors", neighbors, "give a whole number of at least 2");
  requireThat(spread > 0 && Number.isFinite(spread), "spread", spread, "give a number above 0");
  const isWithin = minDist === null || (minDist >= 0 && minDist <= spread);
  requireThat(isWithin, "minDist", minDist, `give a number from 0 to the spread, ${spread}`);
  requireThat(Number.isSafeInteger(seed), "seed", seed, "give a whole number");
  requireThat(epochs === null || isCount(epochs, 1), "epochs", epochs, "give a whole number of at least 1");
  return parameters;
}

function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}

/** umap-js's own rule; umap-learn lays out up to 10,000 cells in 500 epochs. */
function defaultEpochs(count: number): number {
  if (count <= 2500) return 500;
  if (count <= 5000) return 400;
  return count <= 7500 ? 300 : 200;
}

async function layoutStart(
  vectors: Float32Array,
  width: number,
  metric: Metric,
  normal: () => number,
  work: WorkOptions
): Promise<Float64Array> {
  const used = metric === "cosine" ? unitRows(vectors, width, new Float32Array(vectors.length)) : vectors;
  const {components, count, scores} = await principalComponents(denseMatrix(used, width), 2, work);
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  const start = new Float64Array(count * 2);
  if (count < 2) return start;
  for (let i = 0; i < count; i += 1) {
    for (let axis = 0; axis < 2; axis += 1) {
      const score = axis < components && largest > 0 ? (scores[i * components + axis] / largest) * 10 : 0;
      start[2 * i + axis] = score + 1e-4 * normal();
    }
  }
  return start;
}

function requireFinite(positions: Float32Array): void {
  if (positions.every(Number.isFinite)) return;
  throw new WorkbookError({
    domain: "space",
    code: "layout-diverged",
    fault: "the layout ran away to infinity",
    remedy: "choose a larger spread or a smaller minimal distance"
  });
}

function requireThat(holds: boolean, name: string, value: unknown, remedy: string): void {
  if (holds) return;
  const fault = `UMAP's ${name} is ${String(value)}`;
  throw new WorkbookError({domain: "space", code: "bad-parameter", fault, place: name, remedy});
}
