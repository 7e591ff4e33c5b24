import type {Data, Table} from "apache-arrow";
import {WorkbookError} from "../errors.js";
import type {CellStatus} from "../types.js";
import {int32Column, requireLength, tableOf, utf8Column, vectorColumn} from "./columns.js";
import {type Provenance, provenanceMetadata} from "./provenance.js";
import {badValue, readFullText, readInt32} from "./read-columns.js";
import {vectorColumnOf} from "./vector-column-of.js";

/** What an embeddings table is made of; every array has one entry a row. */
export interface EmbeddingColumns {
  /** Row of each cell in its file. */
  rows: Int32Array;
  cellIds: readonly string[];
  status: readonly CellStatus[];
  /** Length of each cell's sentence; 0 where there is none. */
  nTokens: Int32Array;
  /** Row-major, rows x width; what stands where status is not "ok" is not looked at. */
  vectors: Float32Array;
  /** Width D of an embedding. */
  width: number;
}

/** An embeddings table, read. */
export interface Embeddings {
  rows: Int32Array;
  cellIds: string[];
  status: CellStatus[];
  nTokens: Int32Array;
  width: number;
  /** The embeddings there are, row-major, index.length x width, every value finite. */
  vectors: Float32Array;
  /** Row of the table that each vector belongs to, ascending. */
  index: Int32Array;
}

/**
 * An embeddings table: row Int32, cell_id Utf8, status Utf8, n_tokens Int32, embedding FixedSizeList<Float32>[width]
 * (null where status is not "ok"). The vectors are not copied unless something other than zeros stands in a null row.
 * Throws a WorkbookError if sizes disagree or an embedding of an "ok" cell has a value that is not finite.
 */
export function embeddingsTable(columns: EmbeddingColumns, provenance: Provenance): Table {
  const {rows, cellIds, status, nTokens, vectors, width} = columns;
  requireWidth(width);
  const values = rows.length * width;
  if (vectors.length !== values) {
    throw new WorkbookError({
      domain: "table",
      code: "length-mismatch",
      fault: `${rows.length} embeddings of width ${width} have ${values} values, but ${vectors.length} came`,
      remedy: "give one vector for every row"
    });
  }
  requireLength("status", status.length, rows.length);
  requireFinite(vectors, width, (i) => status[i] === "ok");
  const valid = Uint8Array.from(status, (state) => (state === "ok" ? 1 : 0));
  return tableOf(
    [
      int32Column("row", rows),
      utf8Column("cell_id", cellIds),
      utf8Column("status", status),
      int32Column("n_tokens", nTokens),
      vectorColumn("embedding", withZeros(vectors, width, valid), width, valid.includes(0) ? valid : undefined)
    ],
    provenanceMetadata(provenance)
  );
}

/**
 * Reads an embeddings table of any number of batches. Throws a WorkbookError if it is none, if status and nulls
 * disagree, or if a value is not finite; `from` is the number of the first row there.
 */
export function readEmbeddings(table: Table, from = 0): Embeddings {
  const {status, vector, width} = vectorColumnOf(table);
  requireWidth(width);
  const index = Int32Array.from(status.keys()).filter((i) => status[i] === "ok");
  const vectors = new Float32Array(index.length * width);
  let row = 0;
  let at = 0;
  for (const {length, children} of vector.data as readonly Data[]) {
    const values = children[0].values as Float32Array;
    for (let i = 0; i < length; i += 1, row += 1) {
      if (status[row] !== "ok") continue;
      vectors.set(values.subarray(i * width, (i + 1) * width), at);
      at += width;
    }
  }
  requireFinite(vectors, width, () => true, from === 0 ? index : index.map((place) => from + place));
  return {
    rows: readInt32(table, "row"),
    cellIds: readFullText(table, "cell_id"),
    status,
    nTokens: readInt32(table, "n_tokens"),
    width,
    vectors,
    index
  };
}

/**
 * As `readEmbeddings`, of a table that comes in parts: one of them is in memory beside the vectors. `most` is a number of values that the vectors
 * cannot exceed (the file's bytes / 4). Throws as `readEmbeddings` does.
 */
export async function readEmbeddingParts(parts: AsyncIterable<Table>, most: number): Promise<Embeddings> {
  const found: Embeddings[] = [];
  let vectors: Float32Array | undefined;
  let [rows, used] = [0, 0];
  for await (const part of parts) {
    const one = readEmbeddings(part, rows);
    vectors ??= new Float32Array(most);
    vectors.set(one.vectors, used);
    used += one.vectors.length;
    const from = rows;
    found.push({...one, index: one.index.map((place) => place + from), vectors: new Float32Array(0)});
    rows += one.rows.length;
  }
  const columns = (name: "rows" | "nTokens" | "index"): Int32Array => {
    const whole = new Int32Array(found.reduce((sum, one) => sum + one[name].length, 0));
    found.reduce((at, one) => (whole.set(one[name], at), at + one[name].length), 0);
    return whole;
  };
  return {
    rows: columns("rows"),
    cellIds: found.flatMap(({cellIds}) => cellIds),
    status: found.flatMap(({status}) => status),
    nTokens: columns("nTokens"),
    width: found[0]?.width ?? 1,
    vectors: (vectors ?? new Float32Array(0)).subarray(0, used),
    index: columns("index")
  };
}

function requireWidth(width: number): void {
  if (Number.isInteger(width) && width > 0) return;
  throw new WorkbookError({
    domain: "table",
    code: "bad-width",
    fault: `an embedding of width ${width} was given`,
    remedy: "give a whole number of at least 1"
  });
}

function requireFinite(vectors: Float32Array, width: number, asked: (i: number) => boolean, index?: Int32Array): void {
  for (let i = 0, at = 0; at < vectors.length; i += 1, at += width) {
    // x - x is 0 for finite x and NaN otherwise, so one sum tells of the whole vector.
    let sum = 0;
    for (let j = at; j < at + width; j += 1) sum += vectors[j] - vectors[j];
    if (sum === 0 || !asked(i)) continue;
    throw badValue("embedding", index?.[i] ?? i, "has a value that is not finite", 'Mark the cell "failed"');
  }
}

function withZeros(vectors: Float32Array, width: number, valid: Uint8Array): Float32Array {
  let cleaned = vectors;
  valid.forEach((present, i) => {
    if (present === 1 || vectors.subarray(i * width, (i + 1) * width).every((value) => Object.is(value, 0))) return;
    if (cleaned === vectors) cleaned = vectors.slice();
    cleaned.fill(0, i * width, (i + 1) * width);
  });
  return cleaned;
}
