import {readFile, stat} from "node:fs/promises";
import {basename} from "node:path";
import {parquetColumns} from "../../adapters/hyparquet.js";
import {folderBundle} from "../../adapters/node-files.js";
import {columnAsText} from "../../core/anndata/column.js";
import {WorkbookError} from "../../core/errors.js";
import {labelClasses} from "../../core/pipeline/label-classes.js";
import type {LabelCalibration} from "../../core/reference/calibrate-labels.js";
import {openReference} from "../../core/reference/open-reference.js";
import type {Reference} from "../../core/reference/reference.js";
import {readEmbeddings} from "../../core/tables/embeddings.js";
import {readProvenance} from "../../core/tables/provenance.js";
import {readText} from "../../core/tables/read-columns.js";
import {pickVectors} from "../../core/vectors/pick-vectors.js";
import {usage} from "./arguments.js";
import {withCellsFile} from "./counts-file.js";
import {readTable} from "./read-table.js";

/** A reference, and what is known of its labels already (a bundle keeps that). */
export interface KnownReference {
  reference: Reference;
  calibration: LabelCalibration | null;
}

const mostLabels = 500;

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
  if (by === undefined)
    throw usage("missing-option", `${basename(path)} may have several columns of labels`, "name one with --by");
  if (/\.h5ad$/i.test(path)) return {reference: await ofFile(path, by, signal), calibration: null};
  const reference = /\.parquet$/i.test(path) ? await ofParquet(path, by) : await ofTable(path, by);
  return {reference, calibration: null};
}

async function ofFile(path: string, by: string, signal: AbortSignal): Promise<Reference> {
  return withCellsFile(path, signal, async ({anndata}) => {
    const {values, nCols} = anndata.readObsm("X_uce");
    const labels = columnAsText(anndata.column("obs", by));
    return referenceOf(basename(path), by, {values, width: nCols, labels, model: null});
  });
}

async function ofTable(path: string, by: string): Promise<Reference> {
  const table = await readTable(path);
  const column = [`obs:${by}`, by].find((name) => table.getChild(name) !== null);
  if (column === undefined)
    throw noLabels(
      path,
      by,
      table.schema.fields.map(({name}) => String(name))
    );
  const {vectors, width, index} = readEmbeddings(table);
  const all = readText(table, column);
  const {model} = readProvenance(table) ?? {};
  const labels = Array.from(index, (place) => all[place]);
  return referenceOf(basename(path), by, {values: vectors, width, labels, model: model ?? null});
}

async function ofParquet(path: string, by: string): Promise<Reference> {
  const bytes = new Uint8Array(await readFile(path));
  const columns = await parquetColumns(bytes, ["embedding", `obs:${by}`, by], basename(path));
  const labels = columns.get(`obs:${by}`) ?? columns.get(by);
  if (labels === undefined) throw noLabels(path, by, [...columns.keys()]);
  const vectors = (columns.get("embedding") ?? []) as (ArrayLike<number> | null)[];
  const width = vectors.find((vector) => vector !== null)?.length ?? 0;
  if (width === 0) throw noVectors(path);
  const values = new Float32Array(vectors.length * width).fill(NaN);
  vectors.forEach((vector, i) => vector !== null && values.set(vector, i * width));
  const texts = labels.map((label) => (label === null ? null : String(label)));
  return referenceOf(basename(path), by, {values, width, labels: texts, model: null});
}

interface ReferenceFacts {
  values: Float32Array;
  width: number;
  labels: (string | null)[];
  model: {name: string; hash: string} | null;
}

/** Cells without a vector (NaN) are left out. */
function referenceOf(name: string, by: string, {values, width, labels, model}: ReferenceFacts): Reference {
  const isWhole = (cell: number) => values.subarray(cell * width, (cell + 1) * width).every(Number.isFinite);
  const kept = Int32Array.from(labels.keys()).filter(isWhole);
  if (kept.length === 0) throw noVectors(name);
  const {names, codes} = labelClasses(
    by,
    Array.from(kept, (cell) => labels[cell]),
    mostLabels
  );
  const known = model === null ? null : {name: model.name, hash: model.hash};
  return {name, vectors: pickVectors(values, width, kept), width, names, codes, model: known};
}

function noLabels(path: string, by: string, columns: readonly string[]): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "no-such-column",
    fault: `${basename(path)} has no column "${by}" or "obs:${by}", it has ${columns.join(", ")}`,
    remedy: "add the file's columns: export EMBEDDINGS.arrow --obs FILE.h5ad --out REFERENCE.arrow"
  });
}

function noVectors(path: string): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "no-vectors",
    fault: `${basename(path)} has no embeddings`,
    remedy: "give a table with a column embedding, as embed and export write it"
  });
}
