import {isWorkbookError, WorkbookError} from "../errors.js";
import {openFrame} from "./frame.js";
import type {H5Compound, H5Reader} from "./h5-reader.js";
import {namesBelow} from "./names-below.js";
import type {PartFault} from "./part-fault.js";
import {isNull, readNumbers, textAttribute, toFloat64} from "./values.js";

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

/** What obsm holds: arrays that can be read, and the others. */
export interface ObsmContents {
  arrays: ObsmInfo[];
  faults: PartFault[];
}

/**
 * Dense arrays and numeric tables of obsm with a row for each of the `nObs` cells, in the file's order; sparse ones, text and
 * the like are left out. What cannot be read, or has another number of rows, is told in `faults`. Reads no data. `root` is the
 * group that the AnnData stands in.
 */
export function describeObsm(reader: H5Reader, root: string, nObs: number): ObsmContents {
  const found: ObsmContents = {arrays: [], faults: []};
  const consider = (what: string, place: string, describe: () => ObsmInfo[]) => {
    try {
      for (const info of describe()) {
        if (info.nRows === nObs) found.arrays.push(info);
        else found.faults.push({what, place, fault: `it has ${info.nRows} rows for ${nObs} cells`});
      }
    } catch (error) {
      if (!isWorkbookError(error)) throw error;
      found.faults.push({what, place, fault: error.details.fault});
    }
  };
  const obsm = `${root}/obsm`;
  consider("obsm", obsm, () => {
    const node = reader.node(obsm);
    if (node?.kind === "dataset") {
      const [nRows = 0] = node.shape;
      return (node.dtype.members ?? []).map(({name, dtype}) => ({name, nRows, nCols: dtype.dims?.[0] ?? 1}));
    }
    const isElement = (_: H5Reader, place: string) =>
      textAttribute(reader.attributes(place), "encoding-type") !== undefined;
    for (const name of namesBelow(reader, obsm, isElement)) {
      consider(`array ${name} of obsm`, `${obsm}/${name}`, () => describeArray(reader, `${obsm}/${name}`, name, nObs));
    }
    return [];
  });
  return found;
}

function describeArray(reader: H5Reader, place: string, name: string, nObs: number): ObsmInfo[] {
  const array = reader.node(place);
  if (isNull(reader, place)) return [];
  if (array?.kind === "dataset" && (array.shape.length === 1 || array.shape.length === 2)) {
    if (["string", "other", "compound"].includes(array.dtype.kind)) return [];
    return [{name, nRows: array.shape[0], nCols: array.shape[1] ?? 1}];
  }
  if (array?.kind !== "group" || !isTable(reader, place)) return [];
  const frame = openFrame(reader, place, nObs);
  const nCols = frame.columns().filter(({kind}) => kind === "numeric").length;
  return nCols > 0 ? [{name, nRows: frame.length ?? 0, nCols}] : [];
}

function isTable(reader: H5Reader, place: string): boolean {
  return textAttribute(reader.attributes(place), "encoding-type") === "dataframe";
}

/**
 * Reads one array of obsm. Throws a WorkbookError of domain "anndata", code "no-obsm", naming those that exist and, of one that
 * cannot be read, the reason.
 */
export function readObsm(reader: H5Reader, root: string, {arrays, faults}: ObsmContents, name: string): ObsmArray {
  const info = arrays.find((candidate) => candidate.name === name);
  const place = `${root}/obsm/${name}`;
  if (info === undefined) {
    const names = arrays.map((other) => other.name).join(", ");
    const why = faults.find((fault) => fault.place === place)?.fault;
    throw new WorkbookError({
      domain: "anndata",
      code: "no-obsm",
      place: why === undefined ? `${root}/obsm` : place,
      fault: why === undefined ? `${reader.name} has no array ${name}` : `array ${name} cannot be read: ${why}`,
      remedy: arrays.length === 0 ? "the file has no arrays in obsm" : `choose one of ${names}`
    });
  }
  const node = reader.node(`${root}/obsm`);
  if (node?.kind === "dataset") {
    const values = (reader.read(`${root}/obsm`) as H5Compound).columns.get(name);
    return {...info, values: Float32Array.from(ArrayBuffer.isView(values) ? toFloat64(values) : [])};
  }
  if (reader.node(place)?.kind === "dataset") {
    const values = readNumbers(reader, place);
    return {...info, values: values instanceof Float32Array ? values : Float32Array.from(toFloat64(values))};
  }
  const frame = openFrame(reader, place, info.nRows);
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
