import type {LabelReference} from "../reference/label-reference.js";
import {answerOf, type Answer} from "./answer.js";
import {requireStage} from "./require-stage.js";
import type {Stage} from "./stage.js";

/**
 * Labels of embedded cells by their nearest cells of a reference, and how far each can be trusted (docs/answers.md). Table: labels (row, cell_id, label, confidence, nearest_label,
 * known), whose `answerFacts` are `LabelFacts`. Throws the WorkbookError "wrong-stage" for anything but an embed stage.
 */
export function label(
  embeddings: Stage,
  options: {
    /** What `referenceInput` or `openReference` gave. */
    reference: LabelReference;
    /** Column of the reference's labels; null: its only or first one. */
    by?: string | null;
    /** Neighbors that vote, 1 to 200 (15). Another number than the reference was made with takes longer: its labels are calibrated again. */
    neighbors?: number;
  }
): Answer {
  requireStage("label", "embed", embeddings);
  const {reference, by = null, neighbors = 15} = options;
  return answerOf("label", embeddings, {reference: reference.hash, by, neighbors}, {files: reference.files});
}
