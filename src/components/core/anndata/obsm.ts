import {WorkbookError} from "../errors.js";
import {openFrame} from "./frame.js";
import type {H5Compound, H5Reader} from "./h5-reader.js";
import {readNumbers, textAttribute, toFloat64} from "./values.js";

/** An array of obsm: its name ("X_pca") and shape (cells x dimensions). */
export interface ObsmInfo {
  name: string;
  nRows: number;
  nCols: number;
}

/** A decoded array of obsm, row-major. */
export interface ObsmArray extends ObsmInfo {
  values: Float32Array;
}

/** Dense arrays and numeric tables of obsm, in the file's order; sparse and other ones are left out. Reads no data. */
export function describeObsm(reader: H5Reader): ObsmInfo[] {
  const node = reader.node("/obsm");
  if (node === null) return [];
  if (node.kind === "dataset") {
    const [nRows = 0] = node.shape;
    return (node.dtype.members ?? []).map(({name, dtype}) => ({name, nRows, nCols: dtype.dims?.[0] ?? 1}));
  }
  const found: ObsmInfo[] = [];
  for (const name of node.keys) {
    const array = reader.node(`/obsm/${name}`);
    if (array?.kind === "dataset" && (array.shape.length === 1 || array.shape.length === 2)) {
      if (array.dtype.kind === "string" || array.dtype.kind === "other" || array.dtype.kind === "compound") continue;
      found.push({name, nRows: array.shape[0], nCols: array.shape[1] ?? 1});
    } else if (array?.kind === "group" && isTable(reader, `/obsm/${name}`)) {
      const frame = openFrame(reader, `/obsm/${name}`);
      const numeric = frame.columns().filter(({kind}) => kind === "numeric");
      if (numeric.length > 0) found.push({name, nRows: frame.length ?? 0, nCols: numeric.length});
    }
  }
  return found;
}

function isTable(reader: H5Reader, place: string): boolean {
  return textAttribute(reader.attributes(place), "encoding-type") === "dataframe";
}

/** Reads one array of obsm. Throws a WorkbookError of domain "anndata", code "no-obsm", naming those that exist. */
export function readObsm(reader: H5Reader, infos: ObsmInfo[], name: string): ObsmArray {
  const info = infos.find((candidate) => candidate.name === name);
  if (info === undefined) {
    const names = infos.map((other) => other.name).join(", ");
    throw new WorkbookError({
      domain: "anndata",
      code: "no-obsm",
      place: "/obsm",
      fault: `${reader.name} has no array ${name}`,
      remedy: infos.length === 0 ? "the file has no arrays in obsm" : `choose one of ${names}`
    });
  }
  const node = reader.node("/obsm");
  if (node?.kind === "dataset") {
    const values = (reader.read("/obsm") as H5Compound).columns.get(name);
    return {...info, values: Float32Array.from(ArrayBuffer.isView(values) ? toFloat64(values) : [])};
  }
  const place = `/obsm/${name}`;
  if (reader.node(place)?.kind === "dataset") {
    const values = readNumbers(reader, place);
    return {...info, values: values instanceof Float32Array ? values : Float32Array.from(toFloat64(values))};
  }
  const frame = openFrame(reader, place);
  const values = new Float32Array(info.nRows * info.nCols);
  frame
    .columns()
    .filter(({kind}) => kind === "numeric")
    .forEach((column, j) => {
      const decoded = frame.column(column.name);
      if (decoded.kind === "numeric") decoded.values.forEach((value, i) => (values[i * info.nCols + j] = value));
    });
  return {...info, values};
}
