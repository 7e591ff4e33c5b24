import {readFileSync} from "node:fs";
import {tableToIPC, type Table} from "apache-arrow";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import type {Encoder} from "../../../src/components/core/embed/encoder.js";
import type {Bundle} from "../../../src/components/core/model/bundle.js";
import {uceBrainSentence} from "../../../src/components/core/convert/convert.js";
import {type PipelineEvent, type TableName} from "../../../src/components/core/pipeline/events.js";
import {defaultParameters, type PipelineParameters} from "../../../src/components/core/parameters.js";
import type {PipelineDeps} from "../../../src/components/core/pipeline/run-pipeline.js";
import {runStored, type StoredRunOptions} from "../../../src/components/core/pipeline/run-stored.js";
import {createUmapEngine} from "../../../src/components/core/space/umap-engine.js";
import {type ObjectStore} from "../../../src/components/core/store/object-store.js";
import {createResultStore} from "../../../src/components/core/store/result-store.js";
import type {StageName} from "../../../src/components/core/types.js";
import {openFixtureReader} from "../anndata/open.js";

const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
const width = 8;

/** An encoder whose vector is a unit vector that depends on every token; counts its sentences, and may stop after some. */
function fakeEncoder(use: {
  sentences: number;
  stopAfter?: number;
  onCall?: () => void;
  closed?: number;
  atOnce?: number;
}): Encoder {
  return {
    name: "fake",
    backend: use.atOnce === undefined ? "cpu" : "webgpu",
    compute: "fp32",
    storage: "fp32",
    width,
    limits: {maxBatch: 4, preferredBatch: 4, atOnce: use.atOnce},
    async embed(tokens, batch, length) {
      if (use.stopAfter !== undefined && use.sentences >= use.stopAfter)
        throw new DOMException("stopped", "AbortError");
      use.sentences += batch;
      use.onCall?.();
      const vectors = new Float32Array(batch * width);
      for (let b = 0; b < batch; ++b) {
        const of = vectors.subarray(b * width, (b + 1) * width);
        for (let i = 0; i < length; ++i) of[(tokens[b * length + i] + i) % width] += Math.sin(tokens[b * length + i]);
        const norm = Math.hypot(...of);
        of.forEach((value, i) => (of[i] = value / norm));
      }
      return vectors;
    },
    close: async () => void (use.closed = (use.closed ?? 0) + 1)
  };
}

/** What a run told. */
export interface Told {
  sentences: number;
  /** Stages that were computed. */
  ran: StageName[];
  /** Stages that came from the store. */
  kept: StageName[];
  tables: Map<TableName, Table>;
  notices: string[];
  batches: number[];
}

/** Runs the chain over a small file with a store. */
export async function run(
  store: ObjectStore,
  change: Partial<PipelineParameters> = {},
  more: Partial<StoredRunOptions> = {},
  use: Parameters<typeof fakeEncoder>[0] = {sentences: 0}
): Promise<Told> {
  const anndata = openAnnData(await openFixtureReader("columns"));
  const told: Told = {sentences: 0, ran: [], kept: [], tables: new Map(), notices: [], batches: []};
  const onEvent = (event: PipelineEvent) => {
    if (event.type === "progress" && event.state === "done") (event.stored ? told.kept : told.ran).push(event.stage);
    if (event.type === "table") told.tables.set(event.name, event.table);
    if (event.type === "notice") told.notices.push(event.code);
    if (event.type === "batch") told.batches.push(...event.rows);
  };
  const bundle = {
    genes,
    species: "human",
    lists: [{name: "human", genes}],
    hash: "model",
    manifest: {name: "fake", sentence: uceBrainSentence} as Bundle["manifest"]
  } as unknown as Bundle;
  const deps: PipelineDeps = {
    bundle,
    software: {name: "test", version: "0"},
    layoutEngine: createUmapEngine(),
    openEncoder: async () => fakeEncoder(use)
  };
  try {
    await runStored({anndata, provenance: {name: "columns", bytes: 1, identity: "one"}}, deps, {
      store: createResultStore(store),
      precision: "fp32",
      keep: {probabilities: true, sentences: true},
      onEvent,
      parameters: {...defaultParameters, matrix: "X", neighbors: 3, epochs: 5, ...change},
      ...more
    });
  } finally {
    told.sentences = use.sentences;
    anndata.close();
  }
  return told;
}

/** A table of a run as text. */
export const bytes = (told: Told, name: TableName) =>
  Buffer.from(tableToIPC(told.tables.get(name)!)).toString("base64");
