import {isWorkbookError, WorkbookError} from "../errors.js";
import type {Column, ColumnInfo} from "./column.js";
import {featuresByName, findFeatures, type Features} from "./features.js";
import {openFrame} from "./frame.js";
import type {Frame} from "./frame.js";
import {notAnnData} from "./foreign-hdf5.js";
import type {H5Reader, Modality} from "./h5-reader.js";
import {describeMatrixAt} from "./matrix-info.js";
import type {MatrixInfo} from "./matrix-info.js";
import {geneModality} from "./mudata.js";
import {namesBelow} from "./names-below.js";
import {describeObsm, readObsm} from "./obsm.js";
import type {ObsmArray, ObsmInfo} from "./obsm.js";
import {orFault} from "./part-fault.js";
import type {PartFault} from "./part-fault.js";
import {pickColumn} from "./pick-column.js";
import {recoveredFrom} from "./recovered-matrix.js";
import {tenXView} from "./tenx-view.js";
import {isNull, textAttribute} from "./values.js";

/** Tables of an AnnData file; raw keeps its own genes. */
export type Axis = "obs" | "var" | "raw/var";

/** One of several files that are read as one. */
export interface JoinedFile {
  anndata: AnnData;
  /** What its cells are called after: its name without ending, made unique. */
  label: string;
  /** Row of its first cell among all cells. */
  first: number;
}

/** An opened file of counts, of whichever format: its parts are described, and read when asked for. */
export interface AnnData {
  readonly reader: H5Reader;
  /** File name, for messages. */
  readonly name: string;
  /** Number of cells. */
  readonly nObs: number;
  /** Number of genes of var (raw may have others); features that are not genes are left out everywhere (`features`). */
  readonly nVar: number;
  /** Which layout the file has, as it is displayed ("anndata 0.1.0", "anndata before 0.7 (tables of records)"). */
  readonly layout: string;
  /** Of a file of several modalities or genomes, which of them this is, and the others, which are not read; else null. */
  readonly modality: Modality | null;
  /** Files that are read as one (`joinAnnData`); left out for one file. */
  readonly files?: readonly JoinedFile[];
  /** Of several files: the column of obs that says which one a cell is of. */
  readonly fileColumn?: string;
  /** Of several files: the place among the genes of all of each gene of one. */
  columnsOfFile?(file: number, axis: "var" | "raw/var"): Int32Array;
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
   * The matrix called `name`; "recovered:ln:X" is X as counts again (`recoveredName`), which `matrices` does not list. Throws a WorkbookError of domain "matrix", code "no-matrix", "damaged-matrix" or what keeps it from being read.
   */
  matrix(name: string): MatrixInfo;
  /** Arrays of obsm (embeddings) that can be read, and their shapes. */
  readonly obsm: ObsmInfo[];
  /** Parts that cannot be read, as far as is known so far: columns, arrays of obsm, the layers as a whole. */
  faults(): PartFault[];
  /** One array of obsm, row-major. Throws a WorkbookError of domain "anndata", code "no-obsm". */
  readObsm(name: string): ObsmArray;
  close(): void;
}

/**
 * Opens AnnData of any version, the modality of a MuData file whose features are genes, or a 10x Genomics matrix as AnnData; reads names and
 * shapes, no matrix and no column. A part that cannot be read and that nothing else needs is told in `faults`. Throws a
 * WorkbookError of domain "anndata", code "not-anndata", if the file has no obs and var (it says what it looks like instead).
 * Source: anndata's on-disk format, its older layouts as anndata 0.8 reads them, and MuData's.
 */
export function openAnnData(file: H5Reader): AnnData {
  const reader = tenXView(file) ?? file;
  const modality = geneModality(reader);
  const root = modality === null ? "" : `/mod/${modality.name}`;
  const top = reader.node(root === "" ? "/" : root);
  const keys = top?.kind === "group" ? top.keys : [];
  if (!keys.includes("obs") || !keys.includes("var")) throw notAnnData(reader, keys);
  const shape = shapeOfX(reader, root, keys);
  const obs = openFrame(reader, `${root}/obs`, shape?.[0], root);
  const variables = openFrame(reader, `${root}/var`, shape?.[1], root);
  const nObs = obs.length ?? shape?.[0] ?? 0;
  const allVar = variables.length ?? shape?.[1] ?? 0;
  const raw = openRaw(reader, root, keys, nObs, allVar);
  const faults: PartFault[] = [];
  const stored = listMatrices(reader, root, keys, nObs, allVar, raw, faults);
  const frame = (axis: Axis): Frame => (axis === "obs" ? obs : axis === "var" ? variables : (raw?.frame ?? variables));
  const ofVar = findFeatures(variables, "var", allVar);
  const ofRaw = raw?.frame ? rawFeatures(raw.frame, raw.info.nCols, variables, ofVar) : ofVar;
  const features = (axis: Axis): Features => (axis === "raw/var" ? ofRaw : ofVar);
  const matrices = stored.map((info) => onlyGenes(info, features(info.genes)));
  const nVar = ofVar.genes?.length ?? allVar;
  const obsm = describeObsm(reader, root, nObs);
  // Asked for by turns for what they may be: read once.
  const geneNames = new Map<Axis, string[]>();
  const tables: [Axis, Frame | null][] = [
    ["obs", obs],
    ["var", variables],
    ["raw/var", raw?.frame ?? null]
  ];

  return {
    reader,
    name: reader.name,
    nObs,
    nVar,
    layout: describeLayout(reader, root, modality),
    modality: modality ?? reader.modality ?? null,
    matrices,
    obsm: obsm.arrays,
    faults: () => [...faults, ...tables.flatMap(columnFaults), ...obsm.faults],
    obsNames: () => obs.index(nObs),
    varNames: (axis = "var") => {
      const known = geneNames.get(axis);
      if (known !== undefined) return known;
      const {total, genes} = features(axis);
      const all = frame(axis).index(total);
      const names = genes === null ? all : Array.from(genes, (gene) => all[gene]);
      geneNames.set(axis, names);
      return names;
    },
    columns: (axis) => frame(axis).columns(),
    column: (axis, name) => pickColumn(frame(axis).column(name), axis === "obs" ? null : features(axis).genes),
    features,
    matrix: (name) => findMatrix(reader, matrices, name),
    readObsm: (name) => readObsm(reader, root, obsm, name),
    close: () => reader.close()
  };
}

/** What raw/var says of its features; where it says nothing, those that var knows as something else than genes are left out, if var can tell. */
function rawFeatures(rawVar: Frame, total: number, variables: Frame, ofVar: Features): Features {
  const own = findFeatures(rawVar, "raw/var", total);
  if (own.source !== null) return own;
  if (ofVar.kindOf === null) return {...own, fault: own.fault ?? ofVar.fault};
  const names = variables.index(ofVar.total);
  const others = new Map<string, string>();
  ofVar.kindOf.forEach((kind, i) => kind >= 0 && others.set(names[i], ofVar.leftOut[kind].type));
  return featuresByName(rawVar.index(total), others, ofVar.source!);
}

/** A matrix as its genes alone show it. */
function onlyGenes(info: MatrixInfo, {total, genes}: Features): MatrixInfo {
  return info.fault !== null || genes === null || info.nCols !== total ? info : {...info, nCols: genes.length};
}

function columnFaults([axis, table]: [Axis, Frame | null]): PartFault[] {
  const damaged = (table?.columns() ?? []).filter(({fault}) => fault !== undefined);
  return damaged.map(({name, fault}) => ({
    what: `column ${name} of ${axis}`,
    place: `${table!.place}/${name}`,
    fault: fault!
  }));
}

/** raw: its matrix, and the table of its genes (null where it has none of its own). */
interface Raw {
  info: MatrixInfo;
  frame: Frame | null;
}

function openRaw(reader: H5Reader, root: string, keys: string[], nObs: number, nVar: number): Raw | null {
  const flat = keys.includes("raw.X");
  const place = flat ? `${root}/raw.X` : `${root}/raw/X`;
  if (!flat && !orFault(() => reader.node(place) !== null, true)) return null;
  if (isNull(reader, place)) return null;
  const genes = flat ? `${root}/raw.var` : `${root}/raw/var`;
  const {nCols, fault} = describeMatrixAt(reader, "raw/X", place, nObs, null);
  try {
    const frame = reader.node(genes) === null ? null : openFrame(reader, genes, fault === null ? nCols : null, root);
    return {info: describeMatrixAt(reader, "raw/X", place, nObs, frame?.length ?? nVar), frame};
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    const info = describeMatrixAt(reader, "raw/X", place, nObs, null);
    return {info: {...info, fault: info.fault ?? `its genes cannot be read: ${error.details.fault}`}, frame: null};
  }
}

function listMatrices(
  reader: H5Reader,
  root: string,
  keys: string[],
  nObs: number,
  nVar: number,
  raw: Raw | null,
  faults: PartFault[]
): MatrixInfo[] {
  const matrices: MatrixInfo[] = [];
  if (keys.includes("X") && !isNull(reader, `${root}/X`)) {
    matrices.push(describeMatrixAt(reader, "X", `${root}/X`, nObs, nVar));
  }
  if (raw !== null) matrices.push(raw.info);
  try {
    for (const key of namesBelow(reader, `${root}/layers`, isMatrix)) {
      if (isNull(reader, `${root}/layers/${key}`)) continue;
      matrices.push(describeMatrixAt(reader, `layers/${key}`, `${root}/layers/${key}`, nObs, nVar));
    }
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    faults.push({what: "layers", place: `${root}/layers`, fault: error.details.fault});
  }
  return matrices;
}

/** True of a group that says which matrix it is, or has a part of one: not one that a slash in a layer's name made. */
function isMatrix(reader: H5Reader, place: string, keys: string[]): boolean {
  if (keys.length === 0 || ["data", "indices", "indptr"].some((key) => keys.includes(key))) return true;
  const attributes = reader.attributes(place);
  const encoding = textAttribute(attributes, "encoding-type") ?? textAttribute(attributes, "h5sparse_format");
  return encoding !== undefined && encoding !== "dict";
}

function shapeOfX(reader: H5Reader, root: string, keys: string[]): [number, number] | null {
  if (!keys.includes("X")) return null;
  const {nRows, nCols, fault} = describeMatrixAt(reader, "X", `${root}/X`, null, null);
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
      code: found.cause?.code ?? "damaged-matrix",
      place: found.cause?.place ?? found.place,
      fault: `matrix ${name} of ${reader.name} cannot be read: ${found.fault}`,
      remedy: `${found.cause?.remedy ?? "write the file again with anndata's write_h5ad"}, or choose another matrix`
    });
  }
  return found;
}

function describeLayout(reader: H5Reader, root: string, modality: Modality | null): string {
  const attributes = reader.attributes(root === "" ? "/" : root);
  const version = textAttribute(attributes, "encoding-version");
  const layout =
    textAttribute(attributes, "encoding-type") === "anndata"
      ? `anndata ${version ?? ""}`.trim()
      : reader.node(`${root}/obs`)?.kind === "dataset"
        ? "anndata before 0.7 (tables of records)"
        : "anndata 0.7 (no version written)";
  const whole = modality === null ? layout : `modality ${modality.name} of MuData, ${layout}`;
  const {format} = reader;
  return format === undefined ? whole : format.isAnnData ? `${format.words}, ${whole}` : format.words;
}
