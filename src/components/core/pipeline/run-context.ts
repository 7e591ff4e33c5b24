import type {AnnData} from "../anndata/anndata.js";
import type {AliasTable} from "../cells/alias-table.js";
import type {Encoder} from "../embed/encoder.js";
import type {Bundle} from "../model/bundle.js";
import type {LayoutEngine} from "../space/layout.js";
import type {NeighborSearch} from "../vectors/neighbors.js";
import type {GenesProvenance, Provenance, SourceProvenance} from "../tables/provenance.js";
import {stageNames, type StageName} from "../types.js";
import type {CellRecords} from "./cell-records.js";
import type {PipelineEvent} from "./events.js";
import type {PipelineParameters} from "../parameters.js";

/** The file that a run reads. */
export interface PipelineSource {
  anndata: AnnData;
  provenance: SourceProvenance;
}

/** What a page, a worker, a data loader and the command line differ in. */
export interface PipelineDeps {
  bundle: Bundle;
  /** Opens the model; called once, where vectors are missing, while the file is looked over, and closed by the run. */
  openEncoder(signal?: AbortSignal): Promise<Encoder>;
  layoutEngine: LayoutEngine;
  /** Finds neighbors for the map; `nearestNeighbors` unless told. */
  search?: NeighborSearch;
  /** Loads the table of previous and alias symbols, when names ask for it; without it none is recognized. */
  aliases?: () => Promise<AliasTable>;
  software: {name: string; version: string};
}

/** One run, as its stages see it. */
export interface PipelineRun {
  deps: PipelineDeps;
  source: PipelineSource;
  parameters: PipelineParameters;
  /** Number of the last stage to run, from 0. */
  last: number;
  /** Cells of the run by row, ascending, and their names. */
  rows: Int32Array;
  cellIds: readonly string[];
  /** Filled in as cells come by. */
  records: CellRecords;
  /** Which values are read, and how the file's genes met the model's. */
  matrix: string;
  genes: GenesProvenance | undefined;
  signal: AbortSignal | undefined;
  onEvent: (event: PipelineEvent) => void;
}

/** What made a stage's table: the parameters of this and earlier stages. */
export function provenanceOf(run: PipelineRun, stage: StageName, encoder?: Encoder): Provenance {
  const {
    source,
    deps: {bundle, software},
    parameters: {sampling, seeds, average, neighbors, minDist, seed, epochs}
  } = run;
  const after = (name: StageName) => stageNames.indexOf(stage) >= stageNames.indexOf(name);
  const {name, untrained} = bundle.manifest;
  return {
    format: 1,
    stage,
    software,
    source: source.provenance,
    matrix: run.matrix,
    ...(run.genes && {genes: run.genes}),
    ...(encoder && {
      model: {
        name,
        hash: bundle.hash,
        precision: encoder.storage,
        backend: encoder.backend,
        ...(untrained && {untrained})
      }
    }),
    parameters: {
      ...(after("sample") && {sampling, seeds}),
      ...(after("embed") && {average}),
      ...(after("umap") && {neighbors, minDist, seed, epochs})
    }
  };
}
