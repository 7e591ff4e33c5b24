import type {CommunityFinder} from "../clusters/communities.js";
import {createRandom} from "../random.js";
import {fuzzyGraph} from "../space/fuzzy-graph.js";
import {withSelf} from "../space/with-self.js";
import {adjustedRand} from "../statistics/adjusted-rand.js";
import {normalizedMutualInformation} from "../statistics/mutual-information.js";
import type {Neighbors} from "../vectors/neighbors.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";

/** The clusters that fit labels best. */
export interface BestClusters {
  nmi: number;
  ari: number;
  resolution: number;
  clusters: number;
  /** Cluster of each cell. */
  codes: Int32Array;
}

/**
 * Clusters at the resolutions 0.1, 0.2, ... 2.0; those with the highest normalized mutual information with the labels, and their adjusted Rand index: scIB's NMI and ARI, which are optimistic since
 * the labels choose the resolution. Of equal ones the lower resolution. `labels` from 0, -1 for none. Throws the signal's reason.
 */
export async function bestClusters(
  neighbors: Neighbors,
  finder: CommunityFinder,
  labels: Int32Array,
  work: WorkOptions = {}
): Promise<BestClusters> {
  const breathe = createBreath(work);
  const graph = finder.open(neighbors.count, fuzzyGraph(withSelf(neighbors, neighbors.count, neighbors.k + 1)));
  let best: BestClusters | null = null;
  for (let step = 1; step <= 20; step += 1) {
    await breathe(step / 21);
    const resolution = step / 10;
    const codes = graph.communities(resolution, createRandom(42).next);
    const nmi = normalizedMutualInformation(codes, labels);
    if (best !== null && !(nmi > best.nmi)) continue;
    best = {nmi, ari: adjustedRand(codes, labels), resolution, clusters: new Set(codes).size, codes};
  }
  return best!;
}
