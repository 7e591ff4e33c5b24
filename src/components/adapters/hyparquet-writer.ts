import {ByteWriter, ParquetWriter, type SchemaElement} from "hyparquet-writer";
import type {PlainColumn} from "../core/tables/plain-columns.js";

/** What a Parquet file is made of. */
export interface ParquetContent {
  columns: readonly PlainColumn[];
  rows: number;
  /** Kept as the file's key-value metadata. */
  metadata: ReadonlyMap<string, string>;
}

/** Numbers of a column in a row group at most: bounds memory, since the library encodes lists value by value. */
const groupValues = 1 << 19;

/**
 * A Parquet file (https://parquet.apache.org), piece by piece: text as UTF-8, vectors as lists of 32-bit floats, every column with
 * nulls, pages compressed with Snappy, but for vectors, which it does not make smaller.
 */
export function* parquetPieces({
  columns,
  rows,
  metadata
}: ParquetContent): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{name: "schema", num_children: columns.length}, ...columns.flatMap(schemaOf)],
    kvMetadata: [...metadata].map(([key, value]) => ({key, value})),
    createdBy: "uce-workbook with hyparquet-writer"
  });
  const groupRows = Math.max(1, Math.floor(groupValues / Math.max(...columns.map(({width}) => width), 8)));
  for (let from = 0; from < rows; from += groupRows) {
    const to = Math.min(rows, from + groupRows);
    void writer.write({
      columnData: columns.map(({name, kind, values}) => ({
        name,
        data: values(from, to),
        ...(kind === "vector" ? {codec: "UNCOMPRESSED" as const, encoding: "PLAIN" as const, statistics: false} : {})
      })),
      rowGroupSize: groupRows
    });
    yield taken(bytes);
  }
  void writer.finish();
  yield taken(bytes);
}

/** What was written since the last time; offsets go on counting. */
function taken(bytes: ByteWriter): Uint8Array<ArrayBuffer> {
  const piece = new Uint8Array(bytes.getBytes());
  bytes.index = 0;
  return piece;
}

function schemaOf({name, kind}: PlainColumn): SchemaElement[] {
  const optional = {name, repetition_type: "OPTIONAL" as const};
  switch (kind) {
    case "int32":
      return [{...optional, type: "INT32"}];
    case "float32":
      return [{...optional, type: "FLOAT"}];
    case "float64":
      return [{...optional, type: "DOUBLE"}];
    case "bool":
      return [{...optional, type: "BOOLEAN"}];
    case "text":
      return [{...optional, type: "BYTE_ARRAY", converted_type: "UTF8"}];
    case "vector":
      return [
        {...optional, num_children: 1, converted_type: "LIST"},
        {name: "list", repetition_type: "REPEATED", num_children: 1},
        {name: "element", repetition_type: "OPTIONAL", type: "FLOAT"}
      ];
  }
}
