import type {CellSteps} from "../core/cells/cell-steps.js";

/** Why a cell has no sentence; "" if it has one. */
export function noSentence({sentence, fault}: CellSteps): string {
  if (sentence !== null) return "";
  return fault ?? "This cell has no counts on genes that the model knows, so it has no sentence.";
}
