import type {Table} from "apache-arrow";
import type {CallFacts, StageName} from "../types.js";

/** Names of the tables that stages hand on (docs/tables.md has their columns). */
export type TableName = "cells" | "genes" | "probabilities" | "sentences" | "embeddings" | "umap";

/** The stage that makes each table. */
export const stageOfTable: Record<TableName, StageName> = {
  genes: "load",
  cells: "load",
  probabilities: "normalize",
  sentences: "sample",
  embeddings: "embed",
  umap: "umap"
};

/** The table that stands for each stage. */
export const tableOfStage: Record<StageName, TableName> = {
  load: "cells",
  normalize: "probabilities",
  sample: "sentences",
  embed: "embeddings",
  umap: "umap"
};

/** What a run tells while it goes on. Events of one stage come in order; stages overlap, since rows stream through them. */
export type PipelineEvent =
  /**
   * Where a stage stands: `done` of `total` cells (for umap: epochs), after `ms` milliseconds of this stage's own work.
   * `stored`: its result was made earlier, and nothing is computed now; `ms` is what it took then, 0 if that was not kept.
   */
  | {
      type: "progress";
      stage: StageName;
      state: "running" | "done";
      done: number;
      total: number;
      ms: number;
      stored?: true;
    }
  /** Something a person should know that does not stop the run. */
  | {type: "notice"; stage: StageName; severity: "info" | "warning"; code: string; message: string}
  /** A finished table; `stored` if it was made earlier. */
  | {type: "table"; stage: StageName; name: TableName; table: Table; stored?: true}
  /** One call of the model: `vectors` is rows.length x width, unit vectors; `ms` the time of the call. */
  | {type: "batch"; rows: Int32Array; vectors: Float32Array; width: number; length: number; ms: number}
  /** Calls of the model in the run that made stored vectors, before the stage's progress. */
  | {type: "calls"; stage: StageName; calls: CallFacts[]}
  /** The map as it forms: x and y by turns for each embedded cell, in the order of `rows`. */
  | {type: "layout"; rows: Int32Array; epoch: number; epochs: number; positions: Float32Array};
