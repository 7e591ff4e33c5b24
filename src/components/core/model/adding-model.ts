import type {Precision, SentenceConstants} from "../types.js";
import type {Architecture, OutputBlock} from "./bundle.js";

/** What a checkpoint's configuration and header say of a conversion. */
export interface ConversionPlan {
  family: Architecture["family"];
  layers: number;
  width: number;
  heads: number;
  feedForward: number;
  outputWidth: number;
  output: OutputBlock[];
  /** How its sentences are spelled. */
  sentence: SentenceConstants;
  vocabulary: number;
  /** Genes that will be converted, of all species. */
  genes: number;
  /** Rows of the folded tables of all species. */
  rows: number;
  /** Bytes of weights that the genes and the encoder need, and that the checkpoint has. */
  needed: number;
  whole: number;
}

/** What the manifest of a ready bundle says, before its files are fetched. */
export interface ReadyBundle {
  architecture: Architecture;
  tableRows: number;
  /** Storage precision that a browser takes. */
  storage: Precision;
  /** Files that it fetches, and their bytes. */
  files: number;
  bytes: number;
}

/** What adding a model, or measuring its variants, is doing; `done` of `total` are of the step's own unit. */
export interface ModelProgress {
  step: "look" | "wait" | "weights" | "fold" | "write" | "self-test" | "measure" | "bundle";
  done: number;
  total: number;
  /** Bytes that hosts have sent so far. */
  received: number;
  /** What the header says; null before it was read, and for a bundle. */
  plan: ConversionPlan | null;
  /** What a ready bundle's manifest says, once it was read. */
  ready?: ReadyBundle;
  /** Seconds that measuring takes at most, once its first cells are embedded. */
  seconds?: number;
}
