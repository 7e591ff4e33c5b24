import type {File, Group} from "h5wasm";
import type {Additions} from "../core/away/additions.js";
import type {CsrBlock} from "../core/types.js";

/** A small AnnData to write: counts, names and columns of strings. */
export interface AnnDataToWrite {
  counts: CsrBlock;
  obsNames: string[];
  varNames: string[];
  /** Columns of obs, each as long as obsNames. */
  obs: Record<string, string[]>;
}

/**
 * Writes AnnData (on-disk format 0.1.0 of the anndata package: X as csr_matrix of float32, obs and var as dataframes)
 * into an open, empty h5wasm file. Columns stay string arrays: a categorical needs HDF5's boolean, which h5wasm does not
 * write. Chunks are compressed with gzip. The caller closes the file.
 */
export function writeAnnData(file: File, {counts, obsNames, varNames, obs}: AnnDataToWrite): void {
  encode(file, "anndata", "0.1.0");
  const x = file.create_group("X");
  encode(x, "csr_matrix", "0.1.0");
  x.create_attribute("shape", [obsNames.length, varNames.length], null, "<q");
  dataset(x, "indptr", counts.indptr, "<i");
  dataset(x, "indices", counts.indices, "<i");
  dataset(x, "data", Float32Array.from(counts.values), "<f");
  dataframe(file.create_group("obs"), obsNames, obs);
  dataframe(file.create_group("var"), varNames, {});
  for (const name of ["layers", "obsm", "varm", "obsp", "varp", "uns"])
    encode(file.create_group(name), "dict", "0.1.0");
}

/** Writes AnnData of names of cells alone, without X and genes, into an open, empty h5wasm file; the caller closes it. */
export function writeCellNames(file: File, obsNames: string[]): void {
  encode(file, "anndata", "0.1.0");
  dataframe(file.create_group("obs"), obsNames, {});
  dataframe(file.create_group("var"), [], {});
}

/** Rows that are in memory at a time. */
const blockBytes = 1 << 24;

/**
 * Adds arrays of 32-bit floats to obsm, columns to obs and a group of texts to uns, which are made where they are missing, of an h5wasm file that is open for
 * writing; the rest of the file is not touched. Names must be free. Arrays are chunked, a mebibyte a chunk, so that they can be written
 * piece by piece. The caller closes the file. Throws HDF5's errors.
 */
export function addToAnnData(file: File, {root, nObs, arrays, columns, texts}: Additions): void {
  const obsm = groupAt(file, `${root}/obsm`);
  for (const {name, width, rows} of arrays) {
    const chunk = Math.max(1, Math.min(nObs, Math.floor((1 << 20) / (4 * width))));
    const block = Math.max(chunk, Math.floor(blockBytes / (4 * width * chunk)) * chunk);
    const first = Math.min(block, nObs);
    const options = {name, dtype: "<f", chunks: [chunk, width], maxshape: [null, width]};
    const array = obsm.create_dataset({...options, data: rows(0, first), shape: [first, width]});
    encode(array, "array", "0.2.0");
    for (let from = first; from < nObs; from += block) {
      const to = Math.min(nObs, from + block);
      array.resize([to, width]);
      const ranges: [number, number][] = [
        [from, to],
        [0, width]
      ];
      array.write_slice(ranges, rows(from, to));
    }
  }
  if (columns.length > 0) addColumns(file.get(`${root}/obs`) as Group, columns);
  const group = groupAt(file, `${root}/uns`).create_group(texts.name);
  encode(group, "dict", "0.1.0");
  for (const [name, text] of Object.entries(texts.values)) {
    encode(group.create_dataset({name, data: text, shape: [], dtype: "S"}), "string", "0.2.0");
  }
}

function addColumns(obs: Group, columns: Additions["columns"]): void {
  for (const column of columns) {
    const {name} = column;
    if (column.kind === "text") strings(obs, name, [...column.values]);
    else encode(obs.create_dataset({name, data: column.values, dtype: "<d"}), "array", "0.2.0");
  }
  const known: unknown = obs.attrs["column-order"]?.value;
  const before = Array.isArray(known) ? (known as string[]) : typeof known === "string" ? [known] : [];
  if (known !== undefined) obs.delete_attribute("column-order");
  obs.create_attribute("column-order", [...before, ...columns.map(({name}) => name)], null, "S");
}

function groupAt(file: File, path: string): Group {
  const found = file.get(path);
  if (found !== null) return found as Group;
  const made = file.create_group(path);
  encode(made, "dict", "0.1.0");
  return made;
}

function dataframe(group: Group, names: string[], columns: Record<string, string[]>): void {
  encode(group, "dataframe", "0.2.0");
  group.create_attribute("_index", "_index");
  const order = Object.keys(columns);
  // An empty attribute of strings has no HDF5 form that h5wasm writes; anndata reads an empty float array as none.
  group.create_attribute("column-order", order.length > 0 ? order : new Float64Array(0));
  strings(group, "_index", names);
  for (const [name, values] of Object.entries(columns)) strings(group, name, values);
}

function strings(group: Group, name: string, values: string[]): void {
  encode(group.create_dataset({name, data: values, shape: [values.length], dtype: "S"}), "string-array", "0.2.0");
}

function dataset(group: Group, name: string, data: Float32Array | Int32Array, dtype: string): void {
  const chunks = data.length > 0 ? [Math.min(data.length, 1 << 16)] : null;
  const compression = chunks ? {chunks, compression: "gzip" as const, compression_opts: 6} : {};
  group.create_dataset({name, data, shape: [data.length], dtype, ...compression});
}

function encode(item: {create_attribute(name: string, data: string): void}, type: string, version: string): void {
  item.create_attribute("encoding-type", type);
  item.create_attribute("encoding-version", version);
}
