import {WorkbookError} from "../errors.js";
import {openReference} from "../reference/open-reference.js";
import {bundleOfFiles, type ReferenceFiles} from "../reference/reference-files.js";
import {requireSameModel, requireSameWidth} from "../reference/require-same-model.js";
import {placeOnMap} from "../space/place-on-map.js";
import {nearestInOther} from "../vectors/nearest-in-other.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {QuestionContext, TaskOptions} from "./context.js";

/** A reference's map with the chain's cells on it. */
export interface ReferenceMap {
  /** Positions of the reference's cells that have one, x, y by turns, as its makers laid them out. */
  positions: Float32Array;
  /** Their labels, as numbers of `names`; -1 for none. */
  codes: Int32Array;
  names: readonly string[];
  /** Rows of the chain's cells with a vector, and where they are on that map, x, y by turns. */
  rows: Int32Array;
  placed: Float32Array;
}

/** Neighbors that place a cell, as UMAP has them unless it is told otherwise. */
const neighbors = 15;

/**
 * Places the chain's cells on the map of a reference, whose cells do not move (`placeOnMap`). Progress is the share done. Rejects with "no-map" (domain "table") for a reference
 * without one, "other-model", "other-width", as `openReference` does, and with the signal's reason.
 */
export async function referenceMap(
  context: QuestionContext,
  {by, files}: {by: string | null; files: ReferenceFiles},
  {signal, onProgress}: TaskOptions
): Promise<ReferenceMap> {
  const {cells, provenance} = await context.vectors();
  const {rows, index, vectors, width} = cells;
  const {reference, map} = await openReference(bundleOfFiles("reference", files), by, signal);
  requireSameModel(context.anndata.name, provenance?.model, reference);
  requireSameWidth(width, reference);
  if (map === null) throw noMap(reference.name);
  const kept = Int32Array.from(reference.codes.keys()).filter((cell) => Number.isFinite(map[2 * cell]));
  const positions = Float32Array.from({length: 2 * kept.length}, (_, i) => map[2 * kept[i >> 1] + (i & 1)]);
  const among = pickVectors(reference.vectors, width, kept);
  const within = (from: number) => (share: number) => onProgress?.(from + share / 2, 1);
  const near = await nearestInOther(vectors, among, width, neighbors, {signal, onProgress: within(0)});
  const placed = await placeOnMap(near, positions, {signal, onProgress: within(0.5)});
  const codes = kept.map((cell) => reference.codes[cell]);
  return {positions, codes, names: reference.names, rows: index.map((place) => rows[place]), placed};
}

function noMap(name: string): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "no-map",
    fault: `the reference ${name} has no map`,
    remedy: "make it again with --umap MAP.arrow, or choose another reference"
  });
}
