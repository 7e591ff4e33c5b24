import type {Table} from "apache-arrow";
import {parquetPieces} from "../adapters/hyparquet-writer.js";
import {csvPieces} from "../core/tables/csv.js";
import {tableToFileBytes} from "../core/tables/file.js";
import {plainColumns} from "../core/tables/plain-columns.js";

/** Formats that a table is written in, by the ending of the file. */
export type TableFormat = "arrow" | "parquet" | "csv";

/** The bytes of a table in a format, piece by piece. Throws a WorkbookError of domain "table" for a column that the format cannot hold. */
export function tablePieces(table: Table, format: TableFormat): Iterable<Uint8Array<ArrayBuffer> | string> {
  if (format === "arrow") return [tableToFileBytes(table)];
  if (format === "csv") return csvPieces(table);
  const {metadata} = table.schema;
  return parquetPieces({columns: plainColumns(table), rows: table.numRows, metadata});
}
