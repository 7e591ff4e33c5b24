import {stat} from "node:fs/promises";
import {basename} from "node:path";
import {folderBundle} from "../../adapters/node-files.js";
import type {LabelCalibration} from "../../core/reference/calibrate-labels.js";
import {referenceOf} from "../../core/pipeline/labeled-cells.js";
import {openReference} from "../../core/reference/open-reference.js";
import type {Reference} from "../../core/reference/reference.js";
import {withLabeledCells} from "../with-labeled-cells.js";
import {usage} from "./arguments.js";
import {readTable} from "./read-table.js";

/** A reference, and what is known of its labels already (a bundle keeps that). */
export interface KnownReference {
  reference: Reference;
  calibration: LabelCalibration | null;
}

/**
 * The reference at `path` with the labels `by`: a bundle's folder, an h5ad with X_uce in obsm and labels in obs, or a table (Arrow or Parquet) with embedding and labels, as
 * `export --obs` writes it. Throws a WorkbookError that says what it lacks.
 */
export async function readReference(
  path: string,
  by: string | undefined,
  signal: AbortSignal
): Promise<KnownReference> {
  const entry = await stat(path).catch(() => null);
  if (entry?.isDirectory()) return openReference(folderBundle(path), by ?? null, signal);
  const name = basename(path);
  if (by === undefined)
    throw usage("missing-option", `${name} may have several columns of labels`, "name one with --by");
  const reference = await withLabeledCells(path, (cells) => referenceOf(cells, by).reference, readTable);
  return {reference, calibration: null};
}
