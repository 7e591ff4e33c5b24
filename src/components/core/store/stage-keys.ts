import {sha256} from "../sha256.js";
import type {PipelineParameters} from "../parameters.js";
import type {Precision} from "../types.js";

/** What determines every result of a run. */
export interface StageInputs {
  /** What `fileIdentity` says of the file. */
  identity: string;
  /** Hash of the file's whole content, where its identity is of samples only and the file may be edited in place (null). */
  content?: string | null;
  /** The matrix that is read, as found or asked for. */
  matrix: string;
  /** Hash of the model's bundle. */
  model: string;
  /** Storage precision of the weights that the encoder takes. */
  precision: Precision;
  /** Cells used; null for all. */
  rows: Int32Array | null;
  parameters: PipelineParameters;
}

/** Addresses of a run's results: each a hash of what made it, earlier stages included. */
export interface StageKeys {
  /** Tables cells, genes and probabilities. */
  load: string;
  /** Table sentences. */
  sample: string;
  /** Vectors of single cells, whichever cells a run chose. */
  vectors: string;
  /** Table embeddings. */
  embed: string;
  /** Table umap. */
  umap: string;
}

/** Changes when the same inputs would give other results: a stage's algorithm or a table's layout has changed. */
const version = 3;

/** The same of the layout alone: vectors stay. */
const layoutVersion = 2;

/** The same of tables that answer questions. */
const answerVersion = 1;

/**
 * Addresses of what a run makes (design: content-addressed store). The backend is not part of them: whichever device
 * computes a vector has passed the self-test, and the table's provenance names it.
 */
export async function stageKeys({
  identity,
  content = null,
  matrix,
  model,
  precision,
  rows,
  parameters
}: StageInputs): Promise<StageKeys> {
  const {geneColumn, repair, filter, sampling, seeds, average, neighbors, minDist, seed, epochs} = parameters;
  const chosen = rows === null ? "all" : await sha256(new Uint8Array(rows.slice().buffer));
  const file = content === null ? identity : `${identity} ${content}`;
  const source = {
    version,
    identity: file,
    matrix,
    geneColumn,
    repair: repair.join(","),
    model,
    ...(filter && {filter})
  };
  const load = await hash({...source, rows: chosen});
  const sample = await hash({load, sampling, seeds});
  const vectors = await hash({...source, sampling, seeds, average, precision});
  const embed = await hash({vectors, rows: chosen});
  return {load, sample, vectors, embed, umap: await hash({embed, layoutVersion, neighbors, minDist, seed, epochs})};
}

/** Address of a table that answers the question `name` about the vectors at `embed`, with `parameters` (plain data, told in one order). */
export function answerKey(embed: string, name: string, parameters: object): Promise<string> {
  return hash({answerVersion, embed, name, parameters: JSON.stringify(parameters)});
}

/** Changes when the same counts would give another map of components. */
const componentsVersion = 1;

/** Address of the map of principal components of `rows`: of what reads the file and lays maps out; no model has a part in it. */
export async function componentMapKey({
  identity,
  matrix,
  rows,
  parameters: {neighbors, minDist, seed, epochs}
}: Pick<StageInputs, "identity" | "matrix"> & {
  rows: Int32Array;
  parameters: Pick<PipelineParameters, "neighbors" | "minDist" | "seed" | "epochs">;
}): Promise<string> {
  const chosen = await sha256(new Uint8Array(rows.slice().buffer));
  return hash({componentsVersion, layoutVersion, identity, matrix, rows: chosen, neighbors, minDist, seed, epochs});
}

/** Changes when the same file would be inspected otherwise. */
const inspectionVersion = 1;

/** Address of what was seen in a file, held against a model, under a choice of matrix, gene names and repairs. */
export function inspectionKey({
  identity,
  content,
  model,
  trainedOn,
  choice
}: Pick<StageInputs, "identity" | "model"> & {
  content: string | null;
  /** Of the model's manifest; its hash says nothing of it. */
  trainedOn: object;
  choice: {matrix?: string | null; geneColumn?: string | null; species?: string | null; repair?: readonly string[]};
}): Promise<string> {
  const {matrix = null, geneColumn = null, species: asked = null, repair = null} = choice;
  const chosen = JSON.stringify([matrix, geneColumn, asked, repair]);
  return hash({inspectionVersion, identity, content, model, trainedOn: JSON.stringify(trainedOn), choice: chosen});
}

/** 128 bits of SHA-256 over the JSON of `what`, whose keys are written in a fixed order. */
async function hash(what: Record<string, string | number | null>): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(what, Object.keys(what).sort()));
  return (await sha256(bytes as Uint8Array<ArrayBuffer>)).slice(0, 32);
}
