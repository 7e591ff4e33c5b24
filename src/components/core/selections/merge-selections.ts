import {freeName} from "./free-name.js";
import type {NamedSelection} from "./selections.js";

/** Selections with those that come (from a link, a session): the same name and cells are one, the same name of other cells gets a number. */
export function mergeSelections(
  saved: readonly NamedSelection[],
  coming: readonly NamedSelection[]
): readonly NamedSelection[] {
  const merged = [...saved];
  for (const selection of coming) {
    const text = selection.rows.join();
    if (merged.some(({name, rows}) => baseOf(name) === baseOf(selection.name) && rows.join() === text)) continue;
    const name = freeName(
      selection.name,
      merged.map((other) => other.name)
    );
    merged.push({...selection, name});
  }
  return merged;
}

/** The name without a number that was given to tell it apart. */
const baseOf = (name: string): string => name.replace(/ \d+$/, "");
