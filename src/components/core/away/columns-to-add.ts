import type {ObsColumn} from "../tables/cells.js";
import {pickObs} from "../tables/pick-obs.js";
import type {ColumnToAdd} from "./additions.js";

/** What stands for no value in a column of texts, which AnnData's string arrays cannot hold. */
const none = "unknown";

/**
 * Columns as they are added to obs, a value a cell of the file that they are added to. `rows` are the cells' rows in the file that the columns are of, -1 for a cell that is not
 * there. Texts without a value are "unknown", numbers NaN. A name that obs has already (`taken`) gets "uce_" before it, and a number behind it where that is taken, too.
 */
export function columnsToAdd(columns: readonly ObsColumn[], rows: Int32Array, taken: readonly string[]): ColumnToAdd[] {
  const used = new Set(taken);
  return columns.map((column) => {
    const name = freeName(column.name, used);
    used.add(name);
    const known = pickObs(column, rows);
    if (known.kind === "text" || known.kind === "categorical") {
      const text = (i: number) => (known.kind === "text" ? known.values[i] : known.categories[known.codes[i]]);
      return {name, kind: "text", values: Array.from(rows, (row, i) => (row < 0 ? none : (text(i) ?? none)))};
    }
    const {values, valid} = known;
    const number = (i: number) => (rows[i] < 0 || valid?.[i] === 0 ? NaN : values[i]);
    return {name, kind: "number", values: Float64Array.from(rows, (_, i) => number(i))};
  });
}

function freeName(name: string, used: ReadonlySet<string>): string {
  if (!used.has(name)) return name;
  let free = `uce_${name}`;
  for (let i = 2; used.has(free); i += 1) free = `uce_${name}_${i}`;
  return free;
}
