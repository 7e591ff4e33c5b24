import type {ObsColumn} from "../tables/cells.js";
import {freeName} from "./free-name.js";
import type {NamedSelection} from "./selections.js";

/** Between the names of several selections that one cell is in. */
const joint = " + ";

/**
 * Named selections as a column of all `cells` cells of a file: the name of the selection that a cell is in, of several joined by " + " in their order, no value in
 * none. Where such a name is a selection's own, or that of other ones together, it gets a number ("A + B 2").
 */
export function selectionColumn(
  saved: readonly NamedSelection[],
  cells: number,
  name = "selection"
): Extract<ObsColumn, {kind: "categorical"}> {
  const codes = new Int32Array(cells).fill(-1);
  /** What cells are in: one selection or several. */
  const groups: {names: string; alone: boolean}[] = [];
  /** Codes by what cells were in before (-1 for nothing) and the number of the selection that is added. */
  const known = new Map<string, number>();
  const codeOf = (before: number, added: number): number => {
    const key = `${before} ${added}`;
    const alone = before < 0;
    const names = alone ? saved[added].name : `${groups[before].names}${joint}${saved[added].name}`;
    if (!known.has(key)) known.set(key, groups.push({names, alone}) - 1);
    return known.get(key)!;
  };
  saved.forEach(({rows}, added) => {
    for (const row of rows) codes[row] = codeOf(codes[row], added);
  });
  const used = new Set(codes);
  const kept = groups.map((_, code) => code).filter((code) => used.has(code));
  const places = new Map(kept.map((code, place) => [code, place]));
  const taken = new Set(saved.map((selection) => selection.name));
  return {
    name,
    kind: "categorical",
    codes: codes.map((code) => places.get(code) ?? -1),
    categories: kept.map((code) => {
      const {names, alone} = groups[code];
      const label = alone ? names : freeName(names, taken);
      taken.add(label);
      return label;
    })
  };
}
