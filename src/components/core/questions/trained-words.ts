import {seenCells, seenWords} from "../cells/seen-cells.js";
import type {QuestionContext} from "./context.js";

/** That the chain's model was trained on cells of the file, as words that stand beside scores; null if it was not, or nothing is known of it. */
export function trainedWords({anndata, model}: Pick<QuestionContext, "anndata" | "model">): string | null {
  const sets = model.manifest.trainedOn ?? [];
  return seenWords(seenCells(anndata.obsNames(), anndata.varNames(), sets), anndata.nObs);
}
