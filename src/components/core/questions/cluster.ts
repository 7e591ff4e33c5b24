import {clusterEmbeddings, type ClusterRequest} from "../pipeline/cluster-embeddings.js";
import type {QuestionContext, TaskOptions} from "./context.js";
import {keptAnswer} from "./kept-answer.js";

/**
 * Clusters of the chain's vectors, as the bytes of their table with `ClusterFacts`; see `clusterEmbeddings`. Neighbors that a map of the same vectors has found
 * are used again. Progress counts per cent. A run that embeds gives way.
 */
export async function cluster(
  context: QuestionContext,
  request: ClusterRequest,
  {signal, onProgress}: TaskOptions
): Promise<Uint8Array> {
  const {software, search, communities: finder} = context;
  const {cells, provenance} = await context.vectors();
  const make = async () => {
    const deps = {finder, search, software, origin: provenance, name: ""};
    const tell = (share: number) => onProgress?.(Math.floor(100 * share), 100);
    return (await clusterEmbeddings(cells, request, deps, {signal, onProgress: tell})).table;
  };
  return keptAnswer(context, "cluster", request, () => context.ahead(make()));
}
