import {defaultParameters, type PipelineParameters} from "../parameters.js";
import {stageNames, type StageName} from "../types.js";
import {allCells, type CellChoice} from "./cell-choice.js";

/** Device that the model runs on: the best that passes its self-test ("auto"), or the one named. */
export type BackendChoice = "auto" | "webgpu" | "wasm" | "cpu";

/** Everything that determines a chain of stages on one file. Plain data: it crosses threads and is compared by its text. */
export interface Chain {
  /** Address of the model's bundle; null for the one that comes with the workbook. */
  model: string | null;
  choice: CellChoice;
  parameters: PipelineParameters;
  /** No part of a result: every device passes the same self-test. */
  backend: BackendChoice;
}

/** All cells of the file, the reference's parameters. */
export const defaultChain: Chain = {model: null, choice: allCells, parameters: defaultParameters, backend: "auto"};

/** First stage that each parameter changes. */
const firstStage: Record<keyof PipelineParameters, StageName> = {
  matrix: "load",
  species: "load",
  geneColumn: "load",
  repair: "load",
  filter: "load",
  sampling: "sample",
  seeds: "sample",
  average: "embed",
  neighbors: "umap",
  minDist: "umap",
  seed: "umap",
  epochs: "umap"
};

/**
 * Address of the stage `name` of a chain on the file `identity`: a text that is equal for equal descriptions, and holds what
 * this stage and those above it are made with, and nothing else. The store's keys (core/store/stage-keys) follow from it, the
 * model's hash and its precision.
 */
export function stageAddress(identity: string, {model, choice, parameters}: Chain, name: StageName): string {
  const last = stageNames.indexOf(name);
  const own = (Object.keys(firstStage) as (keyof PipelineParameters)[])
    .filter((key) => parameters[key] !== undefined && stageNames.indexOf(firstStage[key]) <= last)
    .map((key) => [key, parameters[key]]);
  return JSON.stringify([name, identity, model, choice, ...own]);
}
