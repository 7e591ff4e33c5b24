import {obsPrefix, obsTableColumn, type ObsColumn} from "../core/tables/cells.js";
import {int32Column, tableOf, utf8Column} from "../core/tables/columns.js";
import {tableToCsv} from "../core/tables/csv.js";
import {pickObs} from "../core/tables/pick-obs.js";

/** The cells `rows` as CSV: row number, cell name, then the columns under their own names. */
export function cellsCsv(cellIds: readonly string[], columns: readonly ObsColumn[], rows: Int32Array): string {
  const used = new Set(["row", "cell_id"]);
  const own = columns.map((column, position) => {
    const name = used.has(column.name) ? obsPrefix + column.name : column.name;
    used.add(name);
    const {field, data} = obsTableColumn(pickObs(column, rows), position);
    return {field: field.clone({name}), data};
  });
  const names = Array.from(rows, (row) => cellIds[row]);
  return tableToCsv(tableOf([int32Column("row", rows), utf8Column("cell_id", names), ...own], new Map()));
}
