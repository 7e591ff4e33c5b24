import type {TrainingSet} from "../cells/seen-cells.js";
import type {ModelGene, Precision, SentenceConstants, SpeciesGenes} from "../types.js";

/** A file of a bundle; `path` is relative to the bundle's folder. */
export interface BundleFile {
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** One way to download the model: everything that this storage precision needs, shared files included. */
export interface BundleVariant {
  /** Storage precision: how table and weights are held in the files. */
  precision: Precision;
  /** Against float32, on real cells (docs/model.md, "Fidelity"); null where it was not measured; 0 for fp32 itself. */
  relativeError: number | null;
  /** Share of the 15 nearest neighbors kept; null where it was not measured; 1 for fp32 itself. */
  recall15: number | null;
  /**
   * Relative error on the bundle's own self-test, as the converter ran it (float32 arithmetic on a CPU); 0 for fp32. A
   * device is judged by it. Absent where there is no self-test.
   */
  selfTestError?: number;
  files: BundleFile[];
}

/** One step from the last layer's CLS row to the unit vector: a Linear to `width` numbers, then nothing, LayerNorm, or LayerNorm and exact GELU. */
export interface OutputBlock {
  width: number;
  finish: "none" | "norm" | "norm-gelu";
}

/**
 * What the model computes, as its checkpoint gives it: graphs, kernels and expected cost follow from it. Everything in which the families differ
 * is a field of its own; how the token table was folded and how sentences are spelled stand in the table and in `SentenceConstants`.
 */
export interface Architecture {
  /** Published model that it is of, for display: UCE-brain, or the original UCE. Nothing is decided by it. */
  family: "uce-brain" | "uce";
  layers: number;
  /** Model width D. */
  width: number;
  heads: number;
  feedForward: number;
  /** Width of an embedding. */
  outputWidth: number;
  /** Longest sentence. */
  maxLength: number;
  /** Sinusoids are computed on load; learned positions are stored, and sinusoids that the checkpoint holds rounded ("stored"). */
  positions: "sinusoidal" | "learned" | "stored";
  /** Of the feed-forward; "gelu" is the exact (erf) one. */
  activation: "gelu" | "relu";
  layerNormEpsilon: number;
  /** What becomes of the CLS row behind the last layer, in order; the last is `outputWidth` wide. */
  output: OutputBlock[];
  /** Widths of the expression head, input and output included; null where the checkpoint has none. */
  expression: number[] | null;
  /** The rows of genes that the expression head takes: the encoder's folded table, or one of its own (`bundlePaths.expressionTable`). */
  expressionTable: "shared" | "own";
}

/**
 * manifest.json of a model bundle (docs/formats.md). Table rows, variants and what they were measured on are those of one species:
 * the first, unless `manifestFor` was asked for another. Their files go by their names; `bundleFiles` tells the places.
 */
export interface Manifest extends SpeciesFigures {
  format: "uce-workbook-bundle";
  /** Version of this format; a reader refuses one it does not know. */
  formatVersion: 1 | 2;
  name: string;
  source: {
    name: string;
    revision: string;
    /** Of model.safetensors; "" where nobody read it whole. */
    sha256: string;
    note?: string;
    /** License of the weights and how to cite them, as stated by whoever converted them; absent where nothing was. */
    license?: string;
    citation?: string;
    /** Where the checkpoint was fetched from; absent for a folder. */
    address?: string;
    /** What the host says of each file of weights: its path, ETag or time of change, and size. */
    files?: {path: string; version: string; bytes: number}[];
    /** What was read of the checkpoint: how much, and one hash of all of it, the same wherever it lay. */
    read?: {bytes: number; sha256: string};
  };
  /** True while weights are random: every view must say so. */
  untrained: boolean;
  architecture: Architecture;
  sentence: SentenceConstants;
  /** Format version 1 has one, 2 several. */
  species: ModelSpecies[];
  /** Data sets that the model was trained on, by which their cells are known again; absent where that is not told. */
  trainedOn?: TrainingSet[];
}

/** What is of one species in a bundle. */
export interface SpeciesFigures {
  /** Rows of the folded table (special tokens and genes). */
  tableRows: number;
  /** On what the variants' figures were measured; absent where none was. */
  measured?: {
    /** What the cells are. */
    origin: string;
    cells: number;
    /** Backend that embedded them ("cpu"). */
    backend: string;
    /** Relative error of embeddings that are wrong on purpose, by what is wrong with them: all far above the limits. */
    controls: Record<string, number>;
  };
  variants: BundleVariant[];
}

/** A species that a bundle holds; where it holds several, each has figures and files of its own. */
export interface ModelSpecies extends Partial<SpeciesFigures> {
  /** As the gene dictionary calls it ("human"). */
  name: string;
  genes: number;
  /** Folder of what only this species needs; absent in a bundle of one species. */
  folder?: string;
}

/** Where a bundle's files come from: a folder, a static host, a cache. */
export interface BundleSource {
  /** For messages ("src/data/model"). */
  readonly name: string;
  /** Whole content of one file. Throws a WorkbookError of domain "model" if it cannot be had. */
  read(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** Where a bundle is written to: a folder, a cache, memory. */
export interface BundleSink {
  /** Writes one whole file; `path` is relative to the bundle's folder. */
  write(path: string, bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<void>;
}

/** Where a bundle is made: files are written, read back for its self-test, and removed if it is not to be. */
export interface BundleWorkspace extends BundleSource, BundleSink {
  /** Removes a file; one that is not there is no fault. */
  remove(path: string): Promise<void>;
}

/** An opened bundle, of one of its species: manifest checked, gene table read; weights are read (and their checksums verified) on demand. */
export interface Bundle {
  readonly manifest: Manifest;
  /**
   * Identifies the model and the species in provenance and cache keys: `modelIdentity` of manifest.json, and for another species than
   * the first a hash of that and the species' name.
   */
  readonly hash: string;
  /** Species that genes and table are of. */
  readonly species: string;
  /** Genes of the model's species as far as they were read, this one's among them, in the manifest's order. */
  readonly lists: readonly SpeciesGenes[];
  readonly genes: ModelGene[];
  /** Table row of each checkpoint token id that the table holds: genes and special tokens. */
  readonly tableRow: ReadonlyMap<number, number>;
  /**
   * The same model for another of its species, of which the genes are read. Rejects with a WorkbookError of domain "model", code
   * "unknown-species", where it has none of that name.
   */
  forSpecies(name: string, signal?: AbortSignal): Promise<Bundle>;
  /** One file as it lies, for those who look at damage: neither size nor sha256 is verified. */
  stored(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** One file by its name (`bundlePaths`), wherever the bundle has it for this species; its size and sha256 are verified. */
  file(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}
