import {WorkbookError} from "../errors.js";

/** Names of cells, and what they stand in, for messages. */
export interface NamedCells {
  /** Name of the file or table. */
  name: string;
  cellIds: readonly string[];
}

/**
 * For each cell of `into`, the place of the cell of that name in `from`; -1 where `from` has none. Throws a WorkbookError of
 * domain "table" if a name stands twice in one of them ("duplicate-cells"), or if they have no name in common ("other-cells").
 */
export function matchCells(into: NamedCells, from: NamedCells): Int32Array {
  const places = placesOf(from);
  placesOf(into);
  const matched = Int32Array.from(into.cellIds, (name) => places.get(name) ?? -1);
  if (from.cellIds.length > 0 && !matched.some((place) => place >= 0)) {
    throw new WorkbookError({
      domain: "table",
      code: "other-cells",
      fault: `${into.name} has none of the ${from.cellIds.length} cells of ${from.name}: its first is "${into.cellIds[0] ?? ""}", there it is "${from.cellIds[0]}"`,
      remedy: "give the file that was embedded, or one that kept its cell names"
    });
  }
  return matched;
}

function placesOf({name, cellIds}: NamedCells): Map<string, number> {
  const places = new Map<string, number>();
  cellIds.forEach((cell, i) => {
    if (!places.has(cell)) return places.set(cell, i);
    const rows = `rows ${places.get(cell)} and ${i}`;
    throw new WorkbookError({
      domain: "table",
      code: "duplicate-cells",
      fault: `${name} has two cells of the name "${cell}" (${rows}), so that which vector belongs to which is unknown`,
      remedy: "make the names unique (adata.obs_names_make_unique() in Python), write the file and embed that"
    });
  });
  return places;
}
