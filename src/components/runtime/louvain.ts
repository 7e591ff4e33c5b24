import {weightedGraph} from "../adapters/graphology.js";
import {louvainCommunities} from "../adapters/graphology-louvain.js";
import type {CommunityFinder} from "../core/clusters/communities.js";

/** Louvain's method by graphology-communities-louvain, in a browser or in Node. */
export const louvain: CommunityFinder = {
  name: "Louvain",
  open(count, graph) {
    const known = weightedGraph(count, graph);
    return {communities: (resolution, random) => louvainCommunities(known, count, resolution, random)};
  }
};
