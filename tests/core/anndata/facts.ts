import {createHash} from "node:crypto";
import type {AnnData, Axis} from "../../../src/components/core/anndata/anndata.js";
import type {Column} from "../../../src/components/core/anndata/column.js";
import type {MatrixInfo} from "../../../src/components/core/anndata/matrix-info.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import type {StreamOptions} from "../../../src/components/core/anndata/stream-stored.js";

/** Facts about a file in the form of tests/reference/anndata_expected.py, from our reader. */
export interface MatrixFacts {
  encoding: string;
  shape: number[];
  dtype: string;
  nonzero: number;
  sum: number;
  nan: number;
  sha: string;
}

export interface NamesFacts {
  n: number;
  first: string[];
  sha: string;
}

export interface ColumnFacts {
  kind: string;
  n?: number;
  ordered?: boolean;
  numericCategories?: boolean;
  sha: string;
}

export interface TableFacts {
  names: NamesFacts;
  columns: Record<string, ColumnFacts>;
}

export interface FileFacts {
  fails?: string;
  nObs: number;
  nVar: number;
  obs: TableFacts;
  var: TableFacts;
  "raw/var"?: TableFacts;
  matrices: Record<string, MatrixFacts>;
  obsm: Record<string, {shape: number[]; sha: string}>;
}

/** Stands for NaN in hashed bytes, whose NaN bits may differ between languages. */
const nan = -987654.25;

export function digest(...parts: (Uint8Array | ArrayBufferView)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return hash.digest("hex").slice(0, 16);
}

export function withoutNan(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value) => (Number.isNaN(value) ? nan : value));
}

export function textBytes(values: (string | null)[]): Uint8Array {
  return new TextEncoder().encode(values.map((value) => value ?? "\u0001").join("\0"));
}

export function namesFacts(names: string[]): NamesFacts {
  return {n: names.length, first: names.slice(0, 2), sha: digest(textBytes(names))};
}

/** All blocks of a matrix as one, and the facts of it. */
export async function matrixFacts(
  anndata: AnnData,
  info: MatrixInfo,
  options: StreamOptions = {}
): Promise<MatrixFacts> {
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for await (const block of streamRows(anndata, info, options)) {
    const before = indices.length;
    for (let i = 1; i < block.indptr.length; i++) indptr.push(before + block.indptr[i]);
    for (let k = 0; k < block.indices.length; k++) {
      indices.push(block.indices[k]);
      values.push(block.values[k]);
    }
  }
  return {
    encoding: info.encoding,
    shape: [info.nRows, info.nCols],
    dtype: info.dtype,
    nonzero: indices.length,
    sum: values.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0),
    nan: values.filter(Number.isNaN).length,
    sha: digest(Int32Array.from(indptr), Int32Array.from(indices), withoutNan(values))
  };
}

export function columnFacts(column: Column, numericCategories = false): ColumnFacts {
  switch (column.kind) {
    case "categorical": {
      const categories = numericCategories ? withoutNan(column.categories.map(Number)) : textBytes(column.categories);
      return {
        kind: column.kind,
        n: column.categories.length,
        ordered: column.ordered,
        numericCategories,
        sha: digest(column.codes, categories)
      };
    }
    case "boolean":
      return {kind: column.kind, sha: digest(column.values)};
    case "numeric":
      return {kind: column.kind, sha: digest(withoutNan(column.values))};
    case "string":
      return {kind: column.kind, sha: digest(textBytes(column.values))};
  }
}

/** Facts of one table; `expected` tells which categoricals are hashed as numbers. */
export function tableFacts(anndata: AnnData, axis: Axis, expected: TableFacts): TableFacts {
  const names = axis === "obs" ? anndata.obsNames() : anndata.varNames(axis);
  const columns = anndata
    .columns(axis)
    .map(({name}) => [
      name,
      columnFacts(anndata.column(axis, name), expected.columns[name]?.numericCategories ?? false)
    ]);
  return {names: namesFacts(names), columns: Object.fromEntries(columns) as Record<string, ColumnFacts>};
}
