import {columnAsText} from "../anndata/column.js";
import {selectRows} from "../cells/select-rows.js";
import {explainCells, type ExplainRequest} from "../explain/explain-cells.js";
import type {ExplainedSpace} from "../explain/explained-places.js";
import type {ExplainedCells} from "../explain/gather-explained.js";
import {labelClasses} from "../pipeline/label-classes.js";
import {prepareCells} from "../pipeline/prepare-cells.js";
import {openReference} from "../reference/open-reference.js";
import type {Reference} from "../reference/reference.js";
import {bundleOfFiles, type ReferenceFiles} from "../reference/reference-files.js";
import {requireSameModel} from "../reference/require-same-model.js";
import type {ChainVectors, TaskOptions, QuestionContext} from "./context.js";

/** What decides a cell, or a group of cells. */
export interface ExplainQuestion extends ExplainRequest {
  /** Rows of the cells in the file. */
  rows: Int32Array;
  /** Most cells that are explained, chosen at random (seed 0) from those that have a vector. */
  most: number;
  /** Whose labels are voted on: an obs column of this file, or a column of a reference (what `labelReference` gives); null: none. */
  labels: {column: string} | {reference: {files: ReferenceFiles}; by: string | null} | null;
}

/** What was found. */
export interface ExplainAnswer extends ExplainedCells {
  /** Cells of the selection that have a vector. */
  of: number;
  /** Cells among which neighbors were sought. */
  compared: number;
  device: string;
  notices: {code: string; message: string}[];
}

const mostClasses = 500;

/**
 * Explains cells by counterfactual sentences (`explainCells`), sampled as the chain is; neighbors are sought among all vectors of the chain. Progress counts per cent. Throws the WorkbookErrors
 * "no-vectors" if there was no run, "no-sentence" if none of the cells has a vector, "no-labeling" for a column that groups nothing, what `explainCells` throws, and the signal's reason.
 */
export async function explain(
  context: QuestionContext,
  {rows, most, labels, ...request}: ExplainQuestion,
  {signal, onProgress}: TaskOptions
): Promise<ExplainAnswer> {
  const known = await context.vectors();
  const {anndata, model, chain} = context;
  const {species, geneColumn, repair, filter, sampling, seeds} = chain.parameters;
  const {rows: all, index, vectors, width} = known.cells;
  const space = {rows: index.map((place) => all[place]), vectors, width};
  const wanted = new Set(rows);
  const there = space.rows.filter((row) => wanted.has(row)).sort();
  const chosen = there.length === 0 ? null : selectRows({mode: "random", n: most, seed: 0}, there.length);
  const taken = there.length === 0 ? rows.slice(0, most) : (chosen?.map((i) => there[i]) ?? there);
  const prepared = await prepareCells(
    anndata,
    model.genes,
    {matrix: known.matrix, species, geneColumn, repair, filter},
    taken,
    {model, aliases: context.aliases, signal}
  );
  const labeled = labels === null ? null : await labeledCells(context, known, labels, signal);
  const notices: ExplainAnswer["notices"] = [];
  const encoder = await context.openEncoder({onFallback: (notice) => void notices.push(notice), signal});
  try {
    const found = await explainCells(prepared, encoder, request, {
      constants: model.manifest.sentence,
      sampling,
      seeds,
      space,
      labeled,
      signal,
      onProgress: (share) => onProgress?.(Math.floor(100 * share), 100)
    });
    return {...found, of: there.length, compared: space.rows.length, device: encoder.name, notices};
  } finally {
    await encoder.close();
  }
}

/** The cells that vote. */
async function labeledCells(
  context: QuestionContext,
  known: ChainVectors,
  labels: NonNullable<ExplainQuestion["labels"]>,
  signal?: AbortSignal
): Promise<NonNullable<ExplainedSpace["labeled"]>> {
  const {rows, index} = known.cells;
  if ("column" in labels)
    return {reference: ownReference(context, known, labels.column), rows: index.map((place) => rows[place])};
  const {reference} = await openReference(bundleOfFiles("reference", labels.reference.files), labels.by, signal);
  const {hash, manifest} = context.model;
  requireSameModel(context.anndata.name, {name: manifest.name, hash}, reference);
  return {reference, rows: null};
}

/** The chain's own cells as a reference, labeled by a column of obs. */
function ownReference({anndata}: QuestionContext, {cells}: ChainVectors, column: string): Reference {
  const {rows, index, vectors, width} = cells;
  const {names, codes} = labelClasses(column, columnAsText(anndata.column("obs", column)), mostClasses);
  return {name: column, vectors, width, names, codes: index.map((place) => codes[rows[place]]), model: null};
}
