import type {ControlName} from "../embed/control-sentences.js";
import type {Encoder} from "../embed/encoder.js";
import type {Bundle} from "../model/bundle.js";
import type {VariantLimits} from "../model/variant-limits.js";
import type {Precision} from "../types.js";
import type {KeptPieces} from "./kept-pieces.js";

/** Sentences of different cells to measure variants on, and what they are ("600 cells of lung.h5ad"). */
export interface Calibration {
  origin: string;
  sentences: readonly Int32Array[];
  /** Species of the cells, where the model has several (its first). */
  species?: string;
}

/** Opens one storage precision of a bundle, always on the same backend. */
export type OpenVariant = (bundle: Bundle, precision: Precision, signal?: AbortSignal) => Promise<Encoder>;

/** How near a variant is to float32 (docs/model.md, "Fidelity"). */
export interface VariantFigures {
  relativeError: number;
  recall15: number;
  /** Cells that the figures are of: all, unless they were clearly beyond the limits before. */
  cells: number;
}

/** What measuring variants showed. */
export interface VariantMeasurement {
  origin: string;
  cells: number;
  backend: string;
  /** By storage precision, float32 left out. */
  variants: Partial<Record<Precision, VariantFigures>>;
  /** Relative error of embeddings that are wrong on purpose; all must be far above every limit. None where no variant is left. */
  controls: Partial<Record<ControlName | "another cell", number>>;
}

/** How to measure. */
export interface MeasureOptions {
  openEncoder: OpenVariant;
  /** Float32 embeddings of the sentences (cells x width), where they are known already. */
  reference?: Float32Array;
  /** Sentences, spread over all, that the controls are embedded of (96); 0 leaves those controls out. */
  controlCells?: number;
  /** Limits by precision: a variant that clearly misses its own is not measured any further. Without, all cells are. */
  limits?: Partial<Record<Precision, VariantLimits>>;
  /** Embeddings are kept there, and taken from there. */
  kept?: KeptPieces;
  signal?: AbortSignal;
  /** Sentences embedded so far, of all that will be. */
  onProgress?: (done: number, total: number) => void;
  /** Seconds that all of it will take at most, known after the first sentences. */
  onEstimate?: (seconds: number) => void;
}
