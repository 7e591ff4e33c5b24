/** The five stages, in the order in which a run goes through them. */
export type StageName = "load" | "normalize" | "sample" | "embed" | "umap";

/** Stage names in running order. */
export const stageNames: readonly StageName[] = ["load", "normalize", "sample", "embed", "umap"];

/**
 * What became of a cell. "ok": it has a result. "empty": no counts on aligned genes, so there is no distribution to
 * sample. "failed": its values cannot be used (NaN, negative) or the model returned no finite vector.
 */
export type CellStatus = "ok" | "empty" | "failed";

/** Which draw of 1,024 genes a cell's sentence is made of (docs/sampling.md). */
export type Sampling = "reference" | "low-variance";

/**
 * Where a cell's sampling seed comes from: its row in the file, as in the reference, or its name, which is not the reference
 * but stays when the file is put in another order.
 */
export type SeedRule = "row" | "name";

/** How precisely weights and table are stored in a bundle (the download) . */
export type Precision = "fp32" | "fp16" | "int8" | "int4";

/** Rows of a matrix in compressed sparse row form; `nRows` rows by `nCols` columns, zeros not stored. */
export interface CsrBlock {
  /** Row number in the file of each row of the block, ascending. */
  rows: Int32Array;
  nCols: number;
  /** Row i's entries are `indptr[i]` to `indptr[i + 1]`; length rows.length + 1. */
  indptr: Int32Array;
  /** Column of each entry, ascending within a row. */
  indices: Int32Array;
  /** Value of each entry as the file holds it (float64 holds every float32 and every integer up to 2^53). */
  values: Float32Array | Float64Array;
}

/** One gene that a model has a token for. */
export interface ModelGene {
  symbol: string;
  /** Checkpoint token id (its protein embedding id). */
  token: number;
  /** Chromosome id of the gene dictionary; its token is this plus `chromosomeOffset`. */
  chromosome: number;
  /** Start on the chromosome, base pairs. */
  start: number;
}

/** Genes of one species, in the order of the gene dictionary. */
export interface SpeciesGenes {
  /** As the gene dictionary calls it ("human"). */
  name: string;
  genes: readonly ModelGene[];
}

/** Constants that turn sampled genes into a sentence; they belong to a checkpoint and are in its manifest. */
export interface SentenceConstants {
  /** Genes drawn per cell, with replacement (1024). */
  sampleSize: number;
  pad: number;
  cls: number;
  chromosomeEnd: number;
  /** Chromosome token = chromosome id + this (1000). */
  chromosomeOffset: number;
}

/** One call of the model. */
export interface CallFacts {
  /** Sentences in it. */
  cells: number;
  /** Tokens of each sentence. */
  length: number;
  /** Milliseconds that it took. */
  ms: number;
}

/** The cells that share one run's outcome; `null` embeddings and tokens stand where status is not "ok". */
export interface Sentence {
  /** Row of the cell in its file. */
  row: number;
  status: CellStatus;
  /** Checkpoint token ids without padding; null where status is not "ok". */
  tokens: Int32Array | null;
}
