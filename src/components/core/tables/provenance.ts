import {Schema, Table} from "apache-arrow";
import {WorkbookError} from "../errors.js";
import type {Precision, StageName} from "../types.js";

/** Anything that JSON can hold. */
export type JsonValue = string | number | boolean | null | JsonValue[] | {[key: string]: JsonValue};

/** The file that a result began with. */
export interface SourceProvenance {
  /** File name without folders. */
  name: string;
  /** File size in bytes. */
  bytes: number;
  /** What `fileIdentity` says of it. */
  identity: string;
}

/** How the file's genes met the model's. */
export interface GenesProvenance {
  /** Where the gene names stand in the file ("var_names", "var/feature_name"). */
  names: string;
  /** Genes in the file. */
  inFile: number;
  /** Genes of the file that the model has a token for. */
  aligned: number;
  /** Repairs of names that were to be taken, as in `PipelineParameters`; absent in tables of earlier versions. */
  repair?: string[];
  /** The model's species that the genes are read as; absent in tables of earlier versions. */
  species?: string;
  /** Genes and cells that the public script's filter leaves out; absent where it was not asked for. */
  leftOut?: {genes: number; cells: number};
  /** Names that were repaired; which, is in the genes table. */
  repaired?: number;
}

/** One of several tables that together have the rows from `first` to `last` of the file. */
export interface ShardProvenance {
  /** From 1. */
  index: number;
  of: number;
  first: number;
  last: number;
}

/** The model that made the embeddings. */
export interface ModelProvenance {
  name: string;
  /** sha256 of the bundle's manifest. */
  hash: string;
  /** Storage precision of the weights. */
  precision: Precision;
  /** Backend id ("cpu", "wasm", "webgpu"). */
  backend: string;
  /** True while the weights are random: every view must say so. */
  untrained?: boolean;
}

/**
 * What made a table. It holds no date and no folder, so that equal inputs give equal bytes; fields that a stage knows
 * nothing of yet are left out.
 */
export interface Provenance {
  /** Version of this object. */
  format: 1;
  stage: StageName | AnswerName;
  software: {name: string; version: string};
  source: SourceProvenance;
  /** Path of the counts matrix in the file ("X", "raw/X", "layers/counts"). */
  matrix?: string;
  genes?: GenesProvenance;
  model?: ModelProvenance;
  /** Parameters of this and earlier stages. */
  parameters: {[key: string]: JsonValue};
  /** Which shard of the file this is, where it is one. */
  shard?: ShardProvenance;
  /** Addresses of the results that this one was made from. */
  parents?: string[];
}

/** What a table answers that is made of embeddings or groups of cells, beside the stages of the chain. */
export type AnswerName = "cluster" | "markers" | "label" | "composition" | "genesets";

/** Key of the provenance in the schema metadata. */
export const provenanceKey = "uce-workbook";

/**
 * The schema metadata that carries `provenance`: JSON with keys in alphabetical order, so that equal provenance gives
 * equal bytes.
 */
export function provenanceMetadata(provenance: Provenance): Map<string, string> {
  return new Map([[provenanceKey, JSON.stringify(inOrder(provenance as unknown as JsonValue))]]);
}

/** The same table with `provenance` in its schema metadata; other metadata stay, data are shared. */
export function withProvenance(table: Table, provenance: Provenance): Table {
  const metadata = new Map([...table.schema.metadata, ...provenanceMetadata(provenance)]);
  return new Table(new Schema(table.schema.fields, metadata), table.batches);
}

/**
 * The provenance in a table's schema metadata; null if the table has none (it was made elsewhere). Throws as `parseProvenance`.
 */
export function readProvenance(table: Pick<Table, "schema">): Provenance | null {
  const text = table.schema.metadata.get(provenanceKey);
  return text === undefined ? null : parseProvenance(text);
}

/** A provenance as metadata hold it. Throws a WorkbookError of domain "table" if it cannot be read, or if its format is not 1. */
export function parseProvenance(text: string): Provenance {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable("is not JSON", cause);
  }
  if (typeof value !== "object" || value === null || !("format" in value)) throw unreadable("has no format number");
  if (value.format !== 1) {
    throw unreadable(`has format ${JSON.stringify(value.format)}, and this version reads format 1`);
  }
  return value as Provenance;
}

function unreadable(what: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "table",
      code: "bad-provenance",
      fault: `the table's provenance ${what}`,
      place: `schema metadata "${provenanceKey}"`,
      remedy: "make the table again, or open it with the version that wrote it"
    },
    {cause}
  );
}

/** The same value with the keys of every object sorted and undefined members dropped. */
function inOrder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const sorted: {[key: string]: JsonValue} = {};
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) sorted[key] = inOrder(member);
  }
  return sorted;
}
