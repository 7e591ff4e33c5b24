import {
  boolColumn,
  type TableColumn,
  dictionaryColumn,
  float64Column,
  int32Column,
  tableOf,
  utf8Column
} from "../core/tables/columns.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {tableToCsv} from "../core/tables/csv.js";

/** The cells `rows` as CSV: row number, cell name, then the columns under their own names. */
export function cellsCsv(cellIds: readonly string[], columns: readonly ObsColumn[], rows: Int32Array): string {
  const used = new Set(["row", "cell_id"]);
  const own = columns.map((column, position) => {
    const name = used.has(column.name) ? `obs:${column.name}` : column.name;
    used.add(name);
    return picked(column, name, rows, position);
  });
  return tableToCsv(
    tableOf(
      [
        int32Column("row", rows),
        utf8Column(
          "cell_id",
          Array.from(rows, (row) => cellIds[row])
        ),
        ...own
      ],
      new Map()
    )
  );
}

function picked(column: ObsColumn, name: string, rows: Int32Array, position: number): TableColumn {
  if (column.kind === "categorical")
    return dictionaryColumn(
      name,
      rows.map((row) => column.codes[row]),
      column.categories,
      position
    );
  if (column.kind === "text")
    return utf8Column(
      name,
      Array.from(rows, (row) => column.values[row])
    );
  const valid = column.valid === undefined ? undefined : Uint8Array.from(rows, (row) => column.valid![row]);
  if (column.kind === "boolean")
    return boolColumn(
      name,
      Uint8Array.from(rows, (row) => column.values[row]),
      valid
    );
  if (column.kind === "integer")
    return int32Column(
      name,
      rows.map((row) => column.values[row]),
      valid
    );
  return float64Column(
    name,
    Float64Array.from(rows, (row) => column.values[row]),
    valid
  );
}
