import type {Table} from "apache-arrow";
import type {AnswerName} from "../tables/provenance.js";
import type {AnswerDescription, AnswerStatus, Stage, Wish} from "./stage.js";

/**
 * A table that is computed of a stage's, as a value, beside the chain: clusters, labels, markers. As with stages, making one computes
 * nothing, and what several ask of equal descriptions is computed once.
 */
export interface Answer extends AnswerDescription {
  readonly parent: Stage;
  /**
   * The answer's Arrow table (docs/tables.md), after the stage's own: from memory, from the store, or computed. Rejects with a WorkbookError, or with an
   * AbortError once the wish is withdrawn or the answer canceled.
   */
  table(wish?: Wish): Promise<Table>;
  /** How far it is; asks for nothing to be computed. */
  watch(wish?: Wish): AsyncGenerator<AnswerStatus, void>;
  /** Ends its computation; it is begun anew when asked for again. */
  cancel(): void;
}

/** The answer `name` about `parent`. Its parameters are those of the question of that name; computes nothing. */
export function answerOf(
  name: AnswerName,
  parent: Stage,
  parameters: AnswerDescription["parameters"],
  beside: AnswerDescription["beside"] = {}
): Answer {
  const {answers} = parent.file;
  const address = JSON.stringify([name, parameters, parent.address]);
  const answer: Answer = {
    name,
    parent,
    parameters,
    beside,
    address,
    table: (wish) => answers.table(answer, wish),
    watch: (wish) => answers.watch(answer, wish),
    cancel: () => answers.cancel(answer)
  };
  return answer;
}
