import type {Table} from "apache-arrow";
import {isAbort} from "../errors.js";
import type {AgreementFigures, ScoreSummary} from "../pipeline/trust-scores.js";
import {answerKey} from "../store/stage-keys.js";
import {float64Column, tableOf} from "../tables/columns.js";
import {readFloat64} from "../tables/read-columns.js";
import type {QuestionContext} from "./context.js";

/** Changes when the same vectors and labels would have other scores. */
const scoresVersion = 1;
const name = "scores";
const spaces = ["model", "components"] as const;
const figures = ["accuracy", "accuracyError", "macroRecall", "macroRecallError"] as const;
const counts = ["cells", "classes", "majority"] as const;

/** The figures of a summary: without what is known of the model's training, which the model says. */
export type ScoreFigures = Omit<ScoreSummary, "trained">;

/**
 * Scores of an obs column from the store, beside the vectors that they are of, or as `make` finds them, and stored then: components of the counts
 * take long. Null, which is not stored, where there are none. What cannot be stored is answered all the same. Rejects as `make` does, and where there are no vectors.
 */
export async function keptScores(
  context: QuestionContext,
  column: string,
  make: () => Promise<ScoreFigures | null>
): Promise<ScoreFigures | null> {
  const {store, vectorsKey} = await context.results();
  const key = await answerKey(vectorsKey, name, {scoresVersion, column});
  const known = await store.read(key, name).catch(() => null);
  if (known?.numRows === 1) return fromTable(known, column);
  const made = await make();
  if (made === null) return null;
  await store.write(key, name, toTable(made)).catch((error: unknown) => {
    if (isAbort(error)) throw error;
  });
  return made;
}

function toTable(scores: ScoreFigures): Table {
  const one = (label: string, value: number) => float64Column(label, Float64Array.of(value));
  const ofSpaces = spaces.flatMap((space) => figures.map((figure) => one(`${space}.${figure}`, scores[space][figure])));
  return tableOf([...counts.map((count) => one(count, scores[count])), ...ofSpaces], new Map());
}

function fromTable(table: Table, column: string): ScoreFigures {
  const at = (label: string): number => readFloat64(table, label)[0];
  const ofSpace = (space: string): AgreementFigures => ({
    accuracy: at(`${space}.accuracy`),
    accuracyError: at(`${space}.accuracyError`),
    macroRecall: at(`${space}.macroRecall`),
    macroRecallError: at(`${space}.macroRecallError`)
  });
  return {
    column,
    cells: at("cells"),
    classes: at("classes"),
    majority: at("majority"),
    model: ofSpace("model"),
    components: ofSpace("components")
  };
}
