import type {Table} from "apache-arrow";
import type {CommunityFinder} from "../clusters/communities.js";
import {findClusters, type Clusters} from "../clusters/find-clusters.js";
import {withAnswerFacts} from "../tables/answer-facts.js";
import {clustersTable} from "../tables/clusters.js";
import {derivedProvenance} from "../tables/derived-provenance.js";
import type {Embeddings} from "../tables/embeddings.js";
import type {Provenance} from "../tables/provenance.js";
import type {NeighborSearch} from "../vectors/neighbors.js";
import type {WorkOptions} from "../vectors/work.js";

/** How embedded cells are clustered; see `cluster` (core/stages). */
export interface ClusterRequest {
  neighbors: number;
  resolution: number | null;
  seed: number;
  stability: boolean;
}

/** What is known of clusters beside the cells' own. */
export interface ClusterFacts extends Omit<Clusters, "codes" | "sizes"> {
  /** Cells of each cluster, the largest first. */
  sizes: number[];
  /** Cells with a vector. */
  clustered: number;
}

/** What clusters are made with: a library, a search for neighbors, and where the vectors come from. */
export interface ClusterDeps {
  finder: CommunityFinder;
  search: NeighborSearch;
  software: Provenance["software"];
  /** The vectors' provenance; `name` is their file where they have none. */
  origin: Provenance | null;
  name: string;
}

/** The share of the work that neighbors are, for the progress. */
const searchShare = 0.5;

/**
 * Clusters of embedded cells, as a table with their facts (`answerFacts`). Neighbors are searched by cosine. Rejects as `findClusters` and the search do, and
 * with the signal's reason.
 */
export async function clusterEmbeddings(
  {vectors, width, index, rows, cellIds}: Embeddings,
  {neighbors, resolution, seed, stability}: ClusterRequest,
  {finder, search, software, origin, name}: ClusterDeps,
  {signal, onProgress}: WorkOptions = {}
): Promise<{table: Table; facts: ClusterFacts}> {
  const k = Math.max(1, Math.min(neighbors - 1, index.length - 1));
  const tell = (from: number, width: number) => (share: number) => {
    if (!Number.isNaN(share)) onProgress?.(from + width * share);
  };
  const near = await search(vectors, width, k, {signal, onProgress: tell(0, searchShare)});
  const {codes, sizes, ...found} = await findClusters(near, finder, {
    k,
    resolution,
    seed,
    once: !stability,
    signal,
    onProgress: tell(searchShare, 1 - searchShare)
  });
  const parameters = {clustering: finder.name, resolution: found.resolution, neighbors, seed};
  const provenance = derivedProvenance("cluster", origin, {software, name, parameters});
  const facts = {...found, sizes: [...sizes], clustered: index.length};
  return {table: withAnswerFacts(clustersTable({rows, cellIds, index, codes}, provenance), facts), facts};
}
