import type {ObsColumn} from "../tables/cells.js";

/** Values of a column as numbered groups. */
export interface ColumnGroups {
  names: readonly string[];
  /** Number of each cell's group; -1 where it has no value. */
  codes: Int32Array;
}

/** Whole numbers with so many different values at most are groups, each by itself. */
const mostWhole = 20;
/** Parts of equal numbers of cells that other numbers are cut into. */
const parts = 5;

/** Any column of obs as groups: categories, texts and truths as they are; many numbers cut into fifths of the cells that have one ("0.1 to 0.35", both ends in). Made once a column. */
export function columnGroups(column: ObsColumn): ColumnGroups {
  const found = known.get(column) ?? groupsOf(column);
  known.set(column, found);
  return found;
}

/** Groups of columns that were asked for before. */
const known = new WeakMap<ObsColumn, ColumnGroups>();

function groupsOf(column: ObsColumn): ColumnGroups {
  if (column.kind === "categorical") return {names: column.categories, codes: column.codes};
  if (column.kind === "text") return encoded(column.values);
  const has = (cell: number): boolean => column.valid?.[cell] !== 0 && Number.isFinite(column.values[cell]);
  if (column.kind === "boolean")
    return {
      names: ["true", "false"],
      codes: Int32Array.from(column.values, (value, i) => (!has(i) ? -1 : value === 0 ? 1 : 0))
    };
  const given = Float64Array.from(column.values)
    .filter((_, i) => has(i))
    .sort();
  const distinct = given.filter((value, i) => i === 0 || value !== given[i - 1]);
  if (distinct.length <= mostWhole) {
    const places = new Map(Array.from(distinct, (value, i) => [value, i]));
    return {
      names: Array.from(distinct, String),
      codes: Int32Array.from(column.values, (value, i) => (has(i) ? places.get(value)! : -1))
    };
  }
  return fifths(column.values, given, has);
}

function encoded(values: readonly (string | null)[]): ColumnGroups {
  const places = new Map<string, number>();
  const codes = Int32Array.from(values, (value) => {
    if (value === null) return -1;
    if (!places.has(value)) places.set(value, places.size);
    return places.get(value)!;
  });
  return {names: [...places.keys()], codes};
}

/** Ends are values that cells have, each once, so that equal values are in one part. */
function fifths(values: ArrayLike<number>, sorted: Float64Array, has: (cell: number) => boolean): ColumnGroups {
  const at = (part: number): number => sorted[Math.ceil((part * sorted.length) / parts) - 1];
  const highs = [...new Set(Array.from({length: parts}, (_, part) => at(part + 1)))];
  const codes = Int32Array.from({length: values.length}, (_, i) =>
    has(i) ? highs.findIndex((high) => values[i] <= high) : -1
  );
  const lows = highs.map((_, part) => (part === 0 ? sorted[0] : sorted.find((value) => value > highs[part - 1])!));
  const short = (value: number): string => String(Number(value.toPrecision(4)));
  return {names: highs.map((high, part) => `${short(lows[part])} to ${short(high)}`), codes};
}
