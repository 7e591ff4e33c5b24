import {answerOf, type Answer} from "./answer.js";
import {requireStage} from "./require-stage.js";
import type {Stage} from "./stage.js";

/**
 * Genes that set cells apart (docs/answers.md). Table: markers of one group, "selection", the highest scores first, whose `answerFacts` are `MarkerFacts`.
 * Throws the WorkbookError "wrong-stage" for anything but a load stage.
 */
export function markers(
  counts: Stage,
  options: {
    /** Rows of the cells in the file. */
    rows: ArrayLike<number>;
    /** Rows to compare with; null: all other cells of the stage. A row that is in both is of the first. */
    against?: ArrayLike<number> | null;
    /** obs column of donors, of which it is said how many agree; null: none. */
    donors?: string | null;
  }
): Answer {
  requireStage("markers", "load", counts);
  const {rows, against = null, donors = null} = options;
  return answerOf("markers", counts, {
    rows: Array.from(rows),
    against: against && Array.from(against),
    donors
  });
}
