import type {CommunityFinder} from "../clusters/communities.js";
import {groupsIn} from "../statistics/groups-in.js";
import {nearestNeighbors, type Neighbors} from "../vectors/neighbors.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";
import {batchVariance} from "./batch-variance.js";
import {bestClusters, type BestClusters} from "./best-clusters.js";
import {graphConnectivity} from "./graph-connectivity.js";
import {kbetAcceptance} from "./kbet.js";
import {lisi} from "./lisi.js";
import {silhouettes} from "./silhouettes.js";

/** scIB's metrics of one space; 0 is the worst and 1 the best of each. */
export interface IntegrationScores {
  /** Clusters against labels at the resolution that fits the labels best: optimistic. */
  nmi: number;
  ari: number;
  clusters: number;
  resolution: number;
  graphConnectivity: number;
  /** How pure labels are among 90 neighbors (1: one label alone). */
  clisi: number;
  /** How mixed batches are among 90 neighbors, over all cells; null without batches, as all that follows. */
  ilisi: number | null;
  /** The same among cells of one label: mean over cells, and over labels. */
  cilisi: number | null;
  cilisiMeans: number | null;
  kbet: number | null;
  /** Share of the variance between batches; 0 is the best of this one. */
  batchVariance: number | null;
  /** Silhouette of labels, (s + 1) / 2, and of batches within labels, 1 - |s|, by cosine: misleading (Rautenstrauch and Ohler 2025). */
  silhouetteLabel: number;
  silhouetteBatch: number | null;
}

/** Cells in one space, all with a label. */
export interface ScoredCells {
  /** Row-major, `width` wide. */
  vectors: Float32Array;
  width: number;
  /** Label of each cell, from 0, every one with cells. */
  labels: Int32Array;
  /** Batch of each cell, from 0, every one with cells; undefined: there are none. */
  batches?: Int32Array;
}

const wideNeighbors = 90;
const graphNeighbors = 14;
const fewestOfLabel = 10;

/**
 * scIB's metrics (Luecken and others 2022, Nat. Methods 19) of cells in one space. Neighbors are exact and Euclidean: 15 (the cell among them) for clusters and connectivity, 90 others with perplexity
 * 30 for LISI, fewer where cells are few. LISI is scaled as in scIB: (median - 1) / (batches - 1), and (labels - median) / (labels - 1). Returns the scores and the clusters that
 * NMI and ARI are of. Throws what the parts throw, and the signal's reason.
 */
export async function integrationScores(
  {vectors, width, labels, batches}: ScoredCells,
  finder: CommunityFinder,
  work: WorkOptions = {}
): Promise<{scores: IntegrationScores; best: BestClusters}> {
  const breathe = createBreath(work);
  const {signal} = work;
  const count = labels.length;
  const euclidean = {signal, metric: "euclidean" as const};
  const wide = await nearestNeighbors(vectors, width, Math.min(wideNeighbors, count - 1), euclidean);
  await breathe(0.3);
  const near = nearest(wide, graphNeighbors);
  const best = await bestClusters(near, finder, labels, {signal});
  await breathe(0.6);
  const groups = groupsIn(labels);
  const purity = median(lisi(wide, labels, groups, perplexityOf(wide)));
  const widths = silhouettes(vectors, width, labels);
  const scores: IntegrationScores = {
    nmi: best.nmi,
    ari: best.ari,
    clusters: best.clusters,
    resolution: best.resolution,
    graphConnectivity: graphConnectivity(near, labels, groups),
    clisi: (groups - purity) / (groups - 1),
    ilisi: null,
    cilisi: null,
    cilisiMeans: null,
    kbet: null,
    batchVariance: null,
    silhouetteLabel: (mean(widths) + 1) / 2,
    silhouetteBatch: null
  };
  if (batches === undefined) return {scores, best};
  const found = groupsIn(batches);
  const mixed = median(lisi(wide, batches, found, perplexityOf(wide)));
  const within = await mixingWithin({vectors, width, labels, batches}, euclidean);
  await breathe(0.8);
  return {
    scores: {
      ...scores,
      ...within,
      ilisi: (mixed - 1) / (found - 1),
      kbet: await kbetAcceptance(vectors, width, labels, batches, {signal}),
      batchVariance: batchVariance(vectors, width, batches)
    },
    best
  };
}

/**
 * Cells of each label alone: CiLISI (Andreatta and others 2024, Nat. Commun. 15), iLISI scaled by the label's number of batches, and the batch silhouette. Labels of one batch or with fewer than 10
 * cells are left out.
 */
async function mixingWithin(
  {vectors, width, labels, batches}: Required<ScoredCells>,
  options: {signal?: AbortSignal; metric: "euclidean"}
): Promise<Pick<IntegrationScores, "cilisi" | "cilisiMeans" | "silhouetteBatch">> {
  const mixing: number[][] = [];
  const overlap: number[] = [];
  for (let label = 0; label < groupsIn(labels); label += 1) {
    const cells = Int32Array.from(labels.keys()).filter((cell) => labels[cell] === label);
    const present = [...new Set(cells.map((cell) => batches[cell]))];
    if (present.length < 2 || cells.length < fewestOfLabel) continue;
    const codes = cells.map((cell) => present.indexOf(batches[cell]));
    const picked = pickVectors(vectors, width, cells);
    const near = await nearestNeighbors(picked, width, Math.min(wideNeighbors, cells.length - 1), options);
    mixing.push(
      Array.from(lisi(near, codes, present.length, perplexityOf(near)), (n) => (n - 1) / (present.length - 1))
    );
    overlap.push(mean(silhouettes(picked, width, codes).map((s) => 1 - Math.abs(s))));
  }
  return {cilisi: mean(mixing.flat()), cilisiMeans: mean(mixing.map(mean)), silhouetteBatch: mean(overlap)};
}

/** A third of the neighbors: 30 of 90. */
function perplexityOf({k}: Neighbors): number {
  return Math.max(1, Math.floor(k / 3));
}

/** The first `k` of more neighbors. */
function nearest(wide: Neighbors, k: number): Neighbors {
  const fewer = Math.min(k, wide.k);
  const places = Int32Array.from({length: wide.count * fewer}, (_, i) => Math.floor(i / fewer) * wide.k + (i % fewer));
  return {
    count: wide.count,
    k: fewer,
    indices: places.map((place) => wide.indices[place]),
    distances: Float64Array.from(places, (place) => wide.distances[place])
  };
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  return sum / values.length;
}
