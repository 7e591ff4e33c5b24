import {isWorkbookError, WorkbookError} from "../errors.js";
import type {Column, ColumnInfo} from "./column.js";
import {featuresByName, findFeatures, type Features} from "./features.js";
import {openFrame} from "./frame.js";
import type {Frame} from "./frame.js";
import type {H5Reader} from "./h5-reader.js";
import {describeMatrixAt} from "./matrix-info.js";
import type {MatrixInfo} from "./matrix-info.js";
import {describeObsm, readObsm} from "./obsm.js";
import type {ObsmArray, ObsmInfo} from "./obsm.js";
import {pickColumn} from "./pick-column.js";
import {recoveredFrom} from "./recovered-matrix.js";
import {textAttribute} from "./values.js";

/** Tables of an AnnData file; raw keeps its own genes. */
export type Axis = "obs" | "var" | "raw/var";

/** An opened h5ad file: its parts are described, and read when asked for. */
export interface AnnData {
  readonly reader: H5Reader;
  /** File name, for messages. */
  readonly name: string;
  /** Number of cells. */
  readonly nObs: number;
  /** Number of genes of var (raw may have others); features that are not genes are left out everywhere (`features`). */
  readonly nVar: number;
  /** Which layout the file has, for people ("anndata 0.1.0", "anndata before 0.7 (tables of records)"). */
  readonly layout: string;
  /** Cell names; row numbers where the file has none. */
  obsNames(): string[];
  /** Gene names of `axis` (var unless told). */
  varNames(axis?: "var" | "raw/var"): string[];
  /** Columns of a table, in the file's order; empty for a raw/var that does not exist. */
  columns(axis: Axis): ColumnInfo[];
  /** One column, decoded. Throws a WorkbookError of domain "anndata" ("no-column", "damaged-column", ...). */
  column(axis: Axis, name: string): Column;
  /** Which features of `axis` are genes; var and raw/var have rows for those alone here. */
  features(axis: "var" | "raw/var"): Features;
  /** X, raw/X, then the layers in the file's order; those that are there. */
  readonly matrices: MatrixInfo[];
  /**
   * The matrix called `name`; "recovered:ln:X" is X as counts again (`recoveredName`), which `matrices` does not list. Throws a WorkbookError of domain "matrix", code "no-matrix" or "damaged-matrix".
   */
  matrix(name: string): MatrixInfo;
  /** Arrays of obsm (embeddings) and their shapes. */
  readonly obsm: ObsmInfo[];
  /** One array of obsm, row-major. Throws a WorkbookError of domain "anndata", code "no-obsm". */
  readObsm(name: string): ObsmArray;
  close(): void;
}

/**
 * Opens AnnData over HDF5, of any version; reads names and shapes, no matrix and no column. Throws a WorkbookError of
 * domain "anndata", code "not-anndata", if the file has no obs and var (it says what it looks like instead).
 * Source: anndata's on-disk format, and its older layouts as anndata 0.8 reads them.
 */
export function openAnnData(reader: H5Reader): AnnData {
  const root = reader.node("/");
  const keys = root?.kind === "group" ? root.keys : [];
  if (!keys.includes("obs") || !keys.includes("var")) throw notAnnData(reader, keys);
  const obs = openFrame(reader, "/obs");
  const variables = openFrame(reader, "/var");
  const shape = shapeOfX(reader, keys);
  const nObs = obs.length ?? shape?.[0] ?? 0;
  const allVar = variables.length ?? shape?.[1] ?? 0;
  const rawPlace = keys.includes("raw.X") ? "/raw.X" : reader.node("/raw/X") === null ? null : "/raw/X";
  const rawVarPlace = rawPlace === "/raw.X" ? "/raw.var" : "/raw/var";
  const rawVar = rawPlace !== null && reader.node(rawVarPlace) !== null ? openFrame(reader, rawVarPlace) : null;
  const stored = listMatrices(reader, keys, nObs, allVar, rawPlace, rawVar);
  const frame = (axis: Axis): Frame => (axis === "obs" ? obs : axis === "var" ? variables : (rawVar ?? variables));
  const allRaw = stored.find(({name}) => name === "raw/X")?.nCols ?? allVar;
  const ofVar = findFeatures(variables, "var", allVar);
  const ofRaw = rawVar === null ? ofVar : rawFeatures(rawVar, allRaw, variables, ofVar);
  const features = (axis: Axis): Features => (axis === "raw/var" ? ofRaw : ofVar);
  const matrices = stored.map((info) => onlyGenes(info, features(info.genes)));
  const nVar = ofVar.genes?.length ?? allVar;
  const obsm = describeObsm(reader);

  return {
    reader,
    name: reader.name,
    nObs,
    nVar,
    layout: describeLayout(reader),
    matrices,
    obsm,
    obsNames: () => obs.index(nObs),
    varNames: (axis = "var") => {
      const {total, genes} = features(axis);
      const names = frame(axis).index(total);
      return genes === null ? names : Array.from(genes, (gene) => names[gene]);
    },
    columns: (axis) => frame(axis).columns(),
    column: (axis, name) => pickColumn(frame(axis).column(name), axis === "obs" ? null : features(axis).genes),
    features,
    matrix: (name) => findMatrix(reader, matrices, name),
    readObsm: (name) => readObsm(reader, obsm, name),
    close: () => reader.close()
  };
}

/** What raw/var says of its features; where it says nothing, those that var knows as something else than genes are left out. */
function rawFeatures(rawVar: Frame, total: number, variables: Frame, ofVar: Features): Features {
  const own = findFeatures(rawVar, "raw/var", total);
  if (own.source !== null || ofVar.kindOf === null) return own;
  const names = variables.index(ofVar.total);
  const others = new Map<string, string>();
  ofVar.kindOf.forEach((kind, i) => kind >= 0 && others.set(names[i], ofVar.leftOut[kind].type));
  return featuresByName(rawVar.index(total), others, ofVar.source!);
}

/** A matrix as its genes alone show it. */
function onlyGenes(info: MatrixInfo, {total, genes}: Features): MatrixInfo {
  return info.fault !== null || genes === null || info.nCols !== total ? info : {...info, nCols: genes.length};
}

function listMatrices(
  reader: H5Reader,
  keys: string[],
  nObs: number,
  nVar: number,
  rawPlace: string | null,
  rawVar: Frame | null
): MatrixInfo[] {
  const matrices: MatrixInfo[] = [];
  if (keys.includes("X") && !isNothing(reader, "/X")) matrices.push(describeMatrixAt(reader, "X", "/X", nObs, nVar));
  if (rawPlace !== null) matrices.push(describeMatrixAt(reader, "raw/X", rawPlace, nObs, rawVar?.length ?? nVar));
  const layers = reader.node("/layers");
  for (const key of layers?.kind === "group" ? layers.keys : []) {
    if (isNothing(reader, `/layers/${key}`)) continue;
    matrices.push(describeMatrixAt(reader, `layers/${key}`, `/layers/${key}`, nObs, nVar));
  }
  return matrices;
}

/** True where the file says that there is nothing (anndata 0.12 writes None as an element of encoding "null"). */
function isNothing(reader: H5Reader, place: string): boolean {
  try {
    return reader.node(place) !== null && textAttribute(reader.attributes(place), "encoding-type") === "null";
  } catch (error) {
    if (isWorkbookError(error)) return false; // a fault for describeMatrixAt to tell
    throw error;
  }
}

function shapeOfX(reader: H5Reader, keys: string[]): [number, number] | null {
  if (!keys.includes("X")) return null;
  const {nRows, nCols, fault} = describeMatrixAt(reader, "X", "/X", null, null);
  return fault === null ? [nRows, nCols] : null;
}

function findMatrix(reader: H5Reader, matrices: MatrixInfo[], name: string): MatrixInfo {
  const recovered = recoveredFrom(name);
  if (recovered !== null) return {...findMatrix(reader, matrices, recovered.of), name, dtype: "float64", recovered};
  const found = matrices.find((matrix) => matrix.name === name);
  if (found === undefined) {
    const names = matrices.map((matrix) => matrix.name);
    throw new WorkbookError({
      domain: "matrix",
      code: "no-matrix",
      fault: `${reader.name} has no matrix ${name}`,
      remedy: names.length === 0 ? "open a file with X, raw/X or a layer" : `choose one of ${names.join(", ")}`
    });
  }
  if (found.fault !== null) {
    throw new WorkbookError({
      domain: "matrix",
      code: "damaged-matrix",
      place: found.place,
      fault: `matrix ${name} of ${reader.name} cannot be read: ${found.fault}`,
      remedy: "write the file again with anndata's write_h5ad, or choose another matrix"
    });
  }
  return found;
}

function describeLayout(reader: H5Reader): string {
  const attributes = reader.attributes("/");
  const version = textAttribute(attributes, "encoding-version");
  if (textAttribute(attributes, "encoding-type") === "anndata") return `anndata ${version ?? ""}`.trim();
  if (reader.node("/obs")?.kind === "dataset") return "anndata before 0.7 (tables of records)";
  return "anndata 0.7 (no version written)";
}

/** Says what a file without obs or without var looks like. */
function notAnnData(reader: H5Reader, keys: string[]): WorkbookError {
  const has = (...names: string[]) => names.every((name) => keys.includes(name));
  const lacking = ["obs", "var"].filter((name) => !keys.includes(name)).join(" and ");
  const [what, remedy] = has("mod")
    ? ["a MuData file of several modalities", 'save one of them: mudata.read(...).mod["rna"].write_h5ad(...)']
    : has("matrix", "row_attrs", "col_attrs")
      ? ["a Loom file", "convert it: scanpy.read_loom(...).write_h5ad(...)"]
      : has("matrix")
        ? ["a 10x Genomics matrix", "convert it: scanpy.read_10x_h5(...).write_h5ad(...)"]
        : has("assays")
          ? ["an h5Seurat file", 'convert it in R: SeuratDisk::Convert(..., dest = "h5ad")']
          : [
              `HDF5 with ${keys.length === 0 ? "nothing in it" : keys.slice(0, 8).join(", ")}, without ${lacking}`,
              "open an .h5ad file, as anndata writes it"
            ];
  return new WorkbookError({
    domain: "anndata",
    code: "not-anndata",
    place: "/",
    fault: `${reader.name} is not AnnData but ${what}`,
    remedy: remedy!
  });
}
