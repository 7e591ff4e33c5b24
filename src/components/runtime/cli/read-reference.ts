import {readFile, stat} from "node:fs/promises";
import {basename} from "node:path";
import {parquetColumns} from "../../adapters/hyparquet.js";
import {folderBundle} from "../../adapters/node-files.js";
import type {LabelCalibration} from "../../core/reference/calibrate-labels.js";
import {cellsOfAnnData} from "../../core/reference/cells-of-anndata.js";
import {cellsOfColumns} from "../../core/reference/cells-of-columns.js";
import {cellsOfTable} from "../../core/reference/cells-of-table.js";
import {referenceOf} from "../../core/reference/labeled-cells.js";
import {openReference} from "../../core/reference/open-reference.js";
import type {Reference} from "../../core/reference/reference.js";
import {usage} from "./arguments.js";
import {withCellsFile} from "./counts-file.js";
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
  if (/\.h5ad$/i.test(path)) {
    const ofFile = ({anndata}: {anndata: Parameters<typeof cellsOfAnnData>[0]}) =>
      referenceOf(cellsOfAnnData(anndata), by).reference;
    return {reference: await withCellsFile(path, signal, async (file) => ofFile(file)), calibration: null};
  }
  const cells = /\.parquet$/i.test(path)
    ? cellsOfColumns(await parquetColumns(new Uint8Array(await readFile(path)), name), name)
    : cellsOfTable(await readTable(path), name);
  return {reference: referenceOf(cells, by).reference, calibration: null};
}
