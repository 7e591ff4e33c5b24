import type {LabeledColumns} from "../core/away/labeled-columns.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import type {NearestReferenceData} from "../views/nearest-reference-view.js";
import type {ReferenceMapData} from "../views/reference-map-view.js";
import {ask, type AskOptions} from "./browser.js";
import type {ChosenReference} from "./reference-input.js";

/** Cells of a reference that are listed. */
const listed = 10;

/** The reference's cells that are nearest to the cell of row `row`; null for none chosen, one without a vector, or before the cells are labeled. Rejects as `ask` does. */
export async function cellsLike(
  embeddings: Stage,
  chosen: ChosenReference | null,
  {row, labels}: {row: number | null; labels: LabeledColumns | null},
  wish?: Wish
): Promise<NearestReferenceData | null> {
  if (row === null || chosen === null || labels === null) return null;
  const {reference, by} = chosen;
  const {files, manifest} = reference;
  const near = await ask(embeddings, "nearestReferenceCells", {row, k: listed, by, files}, {...wish, whenDone: true});
  if (near === null) return null;
  const code = labels.label.codes[row];
  const label = code < 0 ? null : {name: labels.label.categories[code], confidence: labels.confidence.values[row]};
  return {cell: embeddings.file.cellIds[row], label, reference: manifest.name, near};
}

/** The reference's map with the cells on it; null before they are labeled. Rejects as `ask` does. */
export async function onReference(
  embeddings: Stage,
  chosen: ChosenReference | null,
  labels: LabeledColumns | null,
  options?: AskOptions
): Promise<ReferenceMapData | null> {
  if (chosen === null || labels === null) return null;
  const {reference, by} = chosen;
  const {files, manifest} = reference;
  const map = await ask(embeddings, "referenceMap", {by, files}, {...options, whenDone: true});
  const code = new Map(map.names.map((name, i) => [name, i]));
  const own = labels.label.codes.map((one) => (one < 0 ? -1 : code.get(labels.label.categories[one])!));
  return {map, reference: manifest.name, cellIds: embeddings.file.cellIds, labels: own};
}
