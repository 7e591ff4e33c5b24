import {openReference} from "../reference/open-reference.js";
import {bundleOfFiles, type ReferenceFiles} from "../reference/reference-files.js";
import {requireSameModel, requireSameWidth} from "../reference/require-same-model.js";
import {nearestInOther} from "../vectors/nearest-in-other.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {QuestionContext, TaskOptions} from "./context.js";

/** The cells of a reference that are nearest to a cell, nearest first. */
export interface NearestReferenceCells {
  /** Their places in the reference. */
  places: Int32Array;
  /** Their labels; null for a cell without one. */
  labels: (string | null)[];
  /** Cosine of each with the cell, -1 to 1. */
  cosines: Float64Array;
}

/** The `k` cells of a reference whose vectors are nearest to that of the cell of row `row`. Null if it has no vector. Rejects as `openReference` does, and with "other-model". */
export async function nearestReferenceCells(
  context: QuestionContext,
  {row, k, by, files}: {row: number; k: number; by: string | null; files: ReferenceFiles},
  {signal}: TaskOptions
): Promise<NearestReferenceCells | null> {
  const {cells, provenance} = await context.vectors();
  const {rows, index, vectors, width} = cells;
  const cell = index.findIndex((place) => rows[place] === row);
  if (cell < 0) return null;
  const {reference} = await openReference(bundleOfFiles("reference", files), by, signal);
  requireSameModel(context.anndata.name, provenance?.model, reference);
  requireSameWidth(width, reference);
  const mine = pickVectors(vectors, width, [cell]);
  const {indices, distances} = await nearestInOther(mine, reference.vectors, width, k, {signal});
  const {codes, names} = reference;
  return {
    places: indices,
    labels: Array.from(indices, (place) => (codes[place] < 0 ? null : names[codes[place]])),
    cosines: distances.map((distance) => 1 - distance)
  };
}
