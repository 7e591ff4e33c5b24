import {columnAsText} from "../../../core/anndata/column.js";
import {labelScores, type ScoreSummary} from "../../../core/pipeline/label-scores.js";
import type {WorkerContext} from "../worker-context.js";

const mostCells = 5000;
const mostClasses = 50;
/** What files write for a cell that nobody labelled. */
const unlabelled = /^(unassigned|unknown|unlabell?ed|nan|na|n\/a|none|)$/i;

/**
 * Scores an obs column on the last run's cells (5-NN, leave one out, cosine), principal components of the same counts beside
 * the model; null before a run, if the column is no labelling (2 to 50 classes with cells), or for more than 5,000 cells.
 * Throws what the reader throws.
 */
export async function scores(context: WorkerContext, {column}: {column: string}): Promise<ScoreSummary | null> {
  const known = context.vectors();
  if (known === null) return null;
  const {anndata} = context.file();
  const {rows: all, vectors, width, index} = known.cells;
  if (index.length > mostCells) return null;
  const values = columnAsText(anndata.column("obs", column)).map((value) => (value === null || unlabelled.test(value) ? null : value));
  const rows = index.map((place) => all[place]);
  const names = [...new Set(Array.from(rows, (row) => values[row]).filter((value) => value !== null))].sort();
  if (names.length < 2 || names.length > mostClasses || names.length > rows.length / 2) return null;
  const number = new Map(names.map((name, i) => [name, i]));
  const labels = rows.map((row) => number.get(values[row]!) ?? -1);
  const {model, components} = await labelScores(anndata, known.matrix, {rows, vectors, width, labels, classes: names.length});
  const pair = ({accuracy, macroRecall}: {accuracy: number; macroRecall: number}) => ({accuracy, macroRecall});
  return {column, cells: model.count, classes: names.length, majority: model.majority, model: pair(model), components: pair(components)};
}
