import {formatCount} from "./format.js";

/** What is said of a model. */
export interface StatedModel {
  name: string;
  /** Whether its weights are random. */
  untrained: boolean;
  /** Genes that it knows. */
  genes: number;
  layers: number;
  width: number;
  /** How it was made. */
  note: string | null;
}

/** What must be known of a map by a model: "" unless its weights are random. */
export function untrainedNote({untrained}: Pick<StatedModel, "untrained">): string {
  return untrained ? "Untrained: structure reflects composition and position only." : "";
}

/** What a page must say of the model and the data: size, what the weights are, that the demo is simulated. */
export function modelStatement(model: StatedModel, isDemo: boolean): string {
  const about = `Model: ${model.name}, ${model.layers} layers of width ${model.width}, ${formatCount(model.genes, "gene")}.`;
  const weights = model.untrained
    ? `Its weights are random. ${untrainedNote(model)}`
    : model.note
      ? `It was ${model.note}.`
      : "";
  const data = isDemo
    ? "The demo is simulated from published profiles that the model was trained on: it shows the software, not its performance."
    : "";
  return [about, weights, data].filter(Boolean).join(" ");
}
