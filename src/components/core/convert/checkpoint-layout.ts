import type {Architecture} from "../model/bundle.js";
import type {SentenceConstants} from "../types.js";
import type {FoldRecipe} from "./fold-rows.js";

/** Sizes of a checkpoint, and what its transformer does with them. */
export interface CheckpointSizes {
  /** Rows of the input token table. */
  vocabularySize: number;
  /** Width of the input token table (5120). */
  inputWidth: number;
  /** Model width D. */
  width: number;
  layers: number;
  heads: number;
  feedForward: number;
  activation: "gelu" | "relu";
  maxSequenceLength: number;
  positions: "sinusoidal" | "learned";
  outputWidth: number;
  /** Widths of the expression head, input and output included ([1024, 512, 512, 1]). */
  decoderWidths: number[];
}

/** Names of a Linear and of the LayerNorm behind it; null where there is none. */
export interface BlockNames {
  linear: string;
  norm: string | null;
}

/** One way from rows of the token table to rows of a folded one. */
export interface FoldLayout {
  recipe: FoldRecipe;
  /** LayerNorm on the rows of the token table; null for a recipe without. */
  inputNorm: string | null;
  linear: string;
  norm: string;
}

/** Where a family's checkpoints keep what, and how their sentences are spelled: all in which the families differ for the converter beside the architecture. */
export interface CheckpointLayout {
  sentence: SentenceConstants;
  /** Tokens that the public code pads a sentence to: no sentence is longer. */
  paddedLength: number;
  /** The token table. */
  table: string;
  fold: FoldLayout;
  /** How the expression head folds genes, where it does so in a way of its own; null where it takes the encoder's rows, and where there is no head. */
  geneFold: FoldLayout | null;
  positions: string;
  /** What the names of all layers begin with, without number. */
  layers: string;
  /** Blocks behind the last layer, as many as the architecture's `output`. */
  output: BlockNames[];
  /** Blocks of the expression head; null where the checkpoint has none. */
  expression: BlockNames[] | null;
}

/** What a checkpoint is, as its configuration and the names and shapes of its tensors tell. */
export interface DescribedCheckpoint {
  sizes: CheckpointSizes;
  layout: CheckpointLayout;
  /** Fields in which the family's architecture differs beyond the sizes. */
  family: Pick<Architecture, "family" | "output" | "expressionTable">;
}
