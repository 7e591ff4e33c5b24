import {isWorkbookError} from "../errors.js";
import type {H5DatasetNode, H5Dtype, H5Reader} from "./h5-reader.js";
import type {RecoveredFrom} from "./recovered-matrix.js";
import {numbersAttribute, textAttribute} from "./values.js";

/** A matrix of the file (cells by genes), described without reading its values. */
export interface MatrixInfo {
  /** What people call it: "X", "raw/X", "layers/NAME", or "recovered:ln:X" (`recoveredName`). */
  name: string;
  /** Path in the file ("/raw.X" in old files). */
  place: string;
  /** csr: sparse by cell; csc: sparse by gene; dense: every value stored, cell by cell. */
  encoding: "csr" | "csc" | "dense";
  nRows: number;
  /** Genes: the columns that are read. */
  nCols: number;
  /** Columns as stored: the genes, and features that are not genes (antibodies, peaks). */
  storedCols: number;
  /** Element type of the values and, of a sparse matrix, of its indices ("float32", "int64"). */
  dtype: string;
  indexDtype: string | null;
  /** Stored values: of a dense matrix all of them. */
  stored: number;
  /** Names of the filters that the values are stored with ("gzip (deflate)"). */
  compression: string[];
  /** Which table names its columns: "var", or "raw/var" for raw/X. */
  genes: "var" | "raw/var";
  /** Why it cannot be read, if so: parts missing or of sizes that disagree. Nothing else here holds then. */
  fault: string | null;
  /** Of a fault that the reader told ("external-storage"): its stable name, its place in the file, and the way out. */
  cause?: {code: string; place?: string; remedy: string};
  /** Set where the values are counts recovered from another matrix, which the rest describes. */
  recovered?: RecoveredFrom;
}

/** The matrix with every column that is stored, the features that are not genes among them. */
export function asStored(info: MatrixInfo): MatrixInfo {
  return info.nCols === info.storedCols ? info : {...info, nCols: info.storedCols};
}

/**
 * Describes what stands at `place` as a matrix of `nRows` cells by `nCols` genes (null: not known beforehand). Faults
 * are told in `fault`, not thrown, so that one damaged layer leaves the rest of a file usable.
 */
export function describeMatrixAt(
  reader: H5Reader,
  name: string,
  place: string,
  nRows: number | null,
  nCols: number | null
): MatrixInfo {
  const genes = name === "raw/X" ? "raw/var" : "var";
  const blank: MatrixInfo = {
    name,
    place,
    encoding: "dense",
    nRows: nRows ?? 0,
    nCols: nCols ?? 0,
    storedCols: nCols ?? 0,
    dtype: "",
    indexDtype: null,
    stored: 0,
    compression: [],
    genes,
    fault: null
  };
  const described = describeOrFault(reader, blank, place, nRows, nCols);
  const info = {...described, storedCols: described.nCols};
  if (info.fault !== null) return info;
  if (nRows !== nCols && info.nRows === nCols && info.nCols === nRows) return {...info, ...turned(info, nRows)};
  if (nRows !== null && info.nRows !== nRows) return {...info, fault: `it has ${info.nRows} rows for ${nRows} cells`};
  if (nCols !== null && info.nCols !== nCols) {
    return {...info, fault: `it has ${info.nCols} columns for ${nCols} genes`};
  }
  return info;
}

function describeOrFault(
  reader: H5Reader,
  blank: MatrixInfo,
  place: string,
  nRows: number | null,
  nCols: number | null
): MatrixInfo {
  try {
    const node = reader.node(place);
    if (node === null) return {...blank, fault: "nothing stands there"};
    return node.kind === "dataset"
      ? describeDense(blank, node, nRows, nCols)
      : describeSparse(reader, blank, place, node.keys);
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    const {fault, code, place: at, remedy} = error.details;
    return {...blank, fault, cause: {code, remedy, ...(at === undefined ? {} : {place: at})}};
  }
}

function describeDense(blank: MatrixInfo, node: H5DatasetNode, nRows: number | null, nCols: number | null): MatrixInfo {
  const described = {...blank, dtype: node.dtype.label, compression: node.filters.map((filter) => filter.name)};
  if (!isNumeric(node.dtype)) return {...described, ...unknownNumbers(node.dtype)};
  if (node.shape.length === 2) {
    const [rows, columns] = node.shape as [number, number];
    return {...described, nRows: rows, nCols: columns, stored: rows * columns};
  }
  const [length] = node.shape;
  if (node.shape.length === 1 && (nRows === 1 || nCols === 1) && length === (nRows ?? 0) * (nCols ?? 0)) {
    return {...described, stored: length};
  }
  return {...described, fault: `it has ${node.shape.length} dimensions (${node.shape.join(" x ")}), not 2`};
}

function describeSparse(reader: H5Reader, blank: MatrixInfo, place: string, keys: string[]): MatrixInfo {
  const attributes = reader.attributes(place);
  const type = textAttribute(attributes, "encoding-type") ?? textAttribute(attributes, "h5sparse_format") ?? "";
  const encoding = type.startsWith("csr") ? "csr" : type.startsWith("csc") ? "csc" : null;
  if (encoding === null) return {...blank, fault: `its encoding is "${type}", not a matrix that is known here`};
  const missing = ["data", "indices", "indptr"].filter((key) => !keys.includes(key));
  if (missing.length > 0) return {...blank, fault: `it lacks ${missing.join(" and ")}`};
  const [data, indices, indptr] = ["data", "indices", "indptr"].map((key) => reader.node(`${place}/${key}`));
  if (data?.kind !== "dataset" || indices?.kind !== "dataset" || indptr?.kind !== "dataset") {
    return {...blank, fault: "its data, indices or indptr is not an array"};
  }
  const pointers = indptr.shape[0] ?? 0;
  const shape =
    numbersAttribute(attributes, "shape") ??
    numbersAttribute(attributes, "h5sparse_shape") ??
    (encoding === "csr" ? [pointers - 1, blank.nCols] : [blank.nRows, pointers - 1]);
  const [nRows, nCols] = shape as [number, number];
  const stored = data.shape[0] ?? 0;
  const compression = [...new Set([...data.filters, ...indices.filters].map((filter) => filter.name))];
  const info: MatrixInfo = {
    ...blank,
    encoding,
    nRows,
    nCols,
    dtype: data.dtype.label,
    indexDtype: indices.dtype.label,
    stored,
    compression
  };
  const expected = (encoding === "csr" ? nRows : nCols) + 1;
  if (!isNumeric(data.dtype)) return {...info, ...unknownNumbers(data.dtype)};
  if (!isInteger(indices.dtype) || !isInteger(indptr.dtype)) return {...info, fault: "its indices are not integers"};
  if (pointers !== expected) {
    return {...info, fault: `its indptr has ${pointers} values, its shape asks for ${expected}`};
  }
  if (indices.shape[0] !== stored) return {...info, fault: `it has ${stored} values and ${indices.shape[0]} indices`};
  return info;
}

/** Genes by cells, in a file of cells by genes: what writes matrices by column does so. */
function turned({nRows, nCols, encoding}: MatrixInfo, cells: number): Pick<MatrixInfo, "fault" | "cause"> {
  const how = encoding === "dense" ? "matrix.T" : "matrix.T.tocsr()";
  return {
    fault: `it is transposed: ${nRows} x ${nCols}, genes by cells, for ${cells} cells`,
    cause: {code: "transposed-matrix", remedy: `write it as cells by genes, ${nCols} x ${nRows}, in Python: ${how}`}
  };
}

/** Nothing is damaged, so another copy would not help. */
function unknownNumbers({label}: H5Dtype): Pick<MatrixInfo, "fault" | "cause"> {
  const remedy =
    'write the matrix again as float32 in Python: adata.X = adata.X.astype("float32"), or likewise for a layer';
  return {fault: `its values are ${label}, not numbers that can be read`, cause: {code: "unknown-numbers", remedy}};
}

function isNumeric({kind, size, dims}: H5Dtype): boolean {
  return dims === undefined && size <= 8 && ["float", "int", "uint", "boolean"].includes(kind);
}

function isInteger({kind, size}: H5Dtype): boolean {
  return (kind === "int" || kind === "uint") && size <= 8;
}
