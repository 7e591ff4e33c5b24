import {answerOf, type Answer} from "./answer.js";
import {requireStage} from "./require-stage.js";
import type {Stage} from "./stage.js";

/**
 * Clusters of embedded cells in the neighbor graph of their map (docs/answers.md). Table: clusters (row, cell_id, cluster), whose `answerFacts` are
 * `ClusterFacts`. Throws the WorkbookError "wrong-stage" for anything but an embed stage.
 */
export function cluster(
  embeddings: Stage,
  options: {
    /** Neighbors of each cell, itself among them, 2 to 200 (15). Those of the map, where one is made, are not searched again. */
    neighbors?: number;
    /** Resolution, above 0: more makes more clusters. null: 1, halved until there are at most 50. */
    resolution?: number | null;
    /** Seed of the order in which cells are looked at (42). */
    seed?: number;
    /** Compares with other seeds and resolutions (true), which takes fifteen times as long. */
    stability?: boolean;
  } = {}
): Answer {
  requireStage("cluster", "embed", embeddings);
  const {neighbors = 15, resolution = null, seed = 42, stability = true} = options;
  return answerOf("cluster", embeddings, {neighbors, resolution, seed, stability});
}
