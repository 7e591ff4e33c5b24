import type {ObsColumn} from "../tables/cells.js";
import type {NamedSelection} from "./selections.js";

/** Between the names of several selections that one cell is in. */
const joint = " + ";

/**
 * Named selections as a column of all `cells` cells of a file: the name of the selection that a cell is in, of several joined by " + " in their order, no value in
 * none.
 */
export function selectionColumn(
  saved: readonly NamedSelection[],
  cells: number,
  name = "selection"
): Extract<ObsColumn, {kind: "categorical"}> {
  const codes = new Int32Array(cells).fill(-1);
  const categories: string[] = [];
  const known = new Map<string, number>();
  const codeOf = (label: string): number => {
    if (!known.has(label)) known.set(label, categories.push(label) - 1);
    return known.get(label)!;
  };
  for (const selection of saved) {
    for (const row of selection.rows)
      codes[row] = codeOf(codes[row] < 0 ? selection.name : `${categories[codes[row]]}${joint}${selection.name}`);
  }
  const used = new Set(codes);
  const kept = categories.map((_, code) => code).filter((code) => used.has(code));
  const places = new Map(kept.map((code, place) => [code, place]));
  return {
    name,
    kind: "categorical",
    codes: codes.map((code) => places.get(code) ?? -1),
    categories: kept.map((code) => categories[code])
  };
}
