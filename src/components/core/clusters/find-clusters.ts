import {WorkbookError} from "../errors.js";
import {createRandom} from "../random.js";
import {fuzzyGraph} from "../space/fuzzy-graph.js";
import {withSelf} from "../space/with-self.js";
import {adjustedRand} from "../statistics/adjusted-rand.js";
import type {Neighbors} from "../vectors/neighbors.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";
import {bySize} from "./by-size.js";
import type {CommunityFinder} from "./communities.js";

/** How clusters are sought. */
export interface ClusterOptions extends WorkOptions {
  /** Neighbors of each cell to use, where more were found (all). */
  k?: number;
  /** Resolution of the modularity, above 0; null: 1, or less where that makes more than 50 clusters (null). */
  resolution?: number | null;
  /** Seed of the order in which cells are looked at (42). */
  seed?: number;
  /** Leaves stability out (false). */
  once?: boolean;
}

/** How clusters of one resolution hold. */
export interface ResolutionStability {
  resolution: number;
  /** Clusters that each seed gave. */
  clusters: number[];
  /** Adjusted Rand index between seeds, mean over their pairs; 1: the seed makes no difference. */
  betweenSeeds: number;
  /** Adjusted Rand index with the clusters that were returned, mean over seeds but their own. */
  withChosen: number;
}

/** Clusters of cells. */
export interface Clusters {
  /** Cluster of each cell, from 0, the largest first. */
  codes: Int32Array;
  /** Cells of each cluster. */
  sizes: Int32Array;
  resolution: number;
  /** The resolution that was asked for or is usual, where `resolution` is less of it so that there are not too many clusters. */
  loweredFrom: number | null;
  seed: number;
  /** At half, one and two times the resolution; empty with `once`. */
  stability: ResolutionStability[];
}

/** What nobody asked for is no more clusters than this. */
const mostUnasked = 50;
const seedsCompared = 5;

/**
 * Communities of the graph that UMAP makes of neighbors (`fuzzyGraph`: symmetric, weighted), which is the graph that scanpy clusters. `neighbors` are the
 * nearest others of each cell. Without a resolution asked for, 1 is halved until there are at most 50 clusters. Stability: the same with four other seeds, at half,
 * one and two times the resolution, compared by the adjusted Rand index. Throws the WorkbookErrors "too-few-cells" and "too-many-clusters" (domain "space"; the latter
 * where the graph falls apart into more than 50 pieces and no resolution was named), and the signal's reason.
 */
export async function findClusters(
  neighbors: Neighbors,
  finder: CommunityFinder,
  options: ClusterOptions = {}
): Promise<Clusters> {
  const {count} = neighbors;
  const {k = neighbors.k, resolution = null, seed = 42, once = false} = options;
  if (count < 3 || k < 1) throw tooFewCells(count);
  const breathe = createBreath(options);
  const graph = finder.open(count, fuzzyGraph(withSelf(neighbors, count, k + 1)));
  const at = async (resolution: number, seed: number, share: number) => {
    await breathe(share);
    return bySize(graph.communities(resolution, createRandom(seed).next));
  };
  let used = resolution ?? 1;
  let found = await at(used, seed, 0);
  while (resolution === null && found.sizes.length > mostUnasked && used > 1e-3) found = await at((used /= 2), seed, 0);
  if (resolution === null && found.sizes.length > mostUnasked) throw tooManyClusters(found.sizes.length, k);
  const stability: ResolutionStability[] = [];
  for (const [i, factor] of (once ? [] : [0.5, 1, 2]).entries()) {
    const runs: Int32Array[] = [];
    for (let s = 0; s < seedsCompared; s += 1) {
      const isChosen = factor === 1 && s === 0;
      const share = (i * seedsCompared + s + 1) / (3 * seedsCompared + 1);
      runs.push(isChosen ? found.codes : (await at(used * factor, seed + s, share)).codes);
    }
    stability.push(compare(used * factor, runs, found.codes));
  }
  return {...found, resolution: used, loweredFrom: used < (resolution ?? 1) ? 1 : null, seed, stability};
}

function compare(resolution: number, runs: readonly Int32Array[], chosen: Int32Array): ResolutionStability {
  const between = runs.flatMap((a, i) => runs.slice(i + 1).map((b) => adjustedRand(a, b)));
  const others = runs.filter((codes) => codes !== chosen).map((codes) => adjustedRand(codes, chosen));
  return {
    resolution,
    clusters: runs.map((codes) => new Set(codes).size),
    betweenSeeds: mean(between),
    withChosen: mean(others)
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function tooFewCells(count: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "too-few-cells",
    fault: `${count} cells with a vector are too few for clusters`,
    remedy: "give at least 3"
  });
}

function tooManyClusters(found: number, k: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "too-many-clusters",
    fault: `with ${k} neighbors a cell, the cells fall into ${found} clusters at every resolution`,
    remedy: "use more neighbors (50, for example), or name a resolution (1, for example) if that is what you want"
  });
}
