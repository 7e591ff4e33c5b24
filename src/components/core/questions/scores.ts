import {columnAsText} from "../anndata/column.js";
import {classesOrNull} from "../pipeline/label-classes.js";
import {trustScores, type AgreementFigures, type ScoreSummary} from "../pipeline/trust-scores.js";
import type {TaskOptions, QuestionContext} from "./context.js";
import {keptScores, type ScoreFigures} from "./kept-scores.js";
import {sharedComponents} from "./shared-components.js";
import {trainedWords} from "./trained-words.js";

const mostCells = 5000;
const mostClasses = 50;

/**
 * Scores an obs column on the chain's cells (5-NN, leave one out, cosine), principal components of the same counts beside
 * the model; null if the column is no labeling (2 to 50 classes with cells), or for more than 5,000 cells. They are kept beside the vectors.
 * Throws what the reader throws, and the signal's reason.
 */
export async function scores(
  context: QuestionContext,
  {column}: {column: string},
  {signal}: TaskOptions
): Promise<ScoreSummary | null> {
  const found = await keptScores(context, column, () => scoreColumn(context, column, signal));
  signal?.throwIfAborted();
  return found === null ? null : {...found, trained: trainedWords(context)};
}

async function scoreColumn(
  context: QuestionContext,
  column: string,
  signal: AbortSignal | undefined
): Promise<ScoreFigures | null> {
  const known = await context.vectors();
  const {anndata} = context;
  const {rows: all, vectors, width, index} = known.cells;
  if (index.length > mostCells) return null;
  const values = columnAsText(anndata.column("obs", column));
  const rows = index.map((place) => all[place]);
  const classes = classesOrNull(
    column,
    Array.from(rows, (row) => values[row]),
    mostClasses
  );
  if (classes === null) return null;
  const scored = {rows, vectors, width, labels: classes.codes, classes: classes.names.length};
  const {model, components} = await trustScores(anndata, known.matrix, scored, {signal}, sharedComponents);
  const figures = ({accuracy, accuracyError, macroRecall, macroRecallError}: AgreementFigures) => ({
    accuracy,
    accuracyError,
    macroRecall,
    macroRecallError
  });
  return {
    column,
    cells: model.labels.count,
    classes: scored.classes,
    majority: model.labels.majority,
    model: figures(model.labels),
    components: figures(components.labels)
  };
}
