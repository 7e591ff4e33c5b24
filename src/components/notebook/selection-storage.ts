import {mergeSelections} from "../core/selections/merge-selections.js";
import type {NamedSelection} from "../core/selections/selections.js";
import {selectionsFromText, selectionsToText} from "../core/selections/selections-text.js";
import type {FileFacts} from "../core/stages/file-facts.js";
import {keepNamed, keptNamed} from "../runtime/browser/kept-selections.js";
import {queryParameter, setQueryParameter} from "../views/address-query.js";

/** The event of a document at which all kept selections were cleared. */
export const clearedEvent = "workbook-selections-cleared";

const parameter = "selections";
/** Letters of named selections that an address carries. */
const mostLetters = 1200;

/**
 * The named selections of a file: those that this browser keeps, and those that the address brings, unless it is longer than any that was written here (few letters
 * can stand for all cells, many times). Never rejects.
 */
export async function restoredSelections({
  identity,
  cellIds
}: Pick<FileFacts, "identity" | "cellIds">): Promise<readonly NamedSelection[]> {
  const here = selectionsFromText(await keptNamed(identity), cellIds.length);
  const linked = queryParameter(parameter) ?? "";
  return linked.length > mostLetters ? here : mergeSelections(here, selectionsFromText(linked, cellIds.length));
}

/** Keeps the named selections of a file in this browser, and in the address where there is room. True if the address has them. */
export async function rememberSelections(identity: string, saved: readonly NamedSelection[]): Promise<boolean> {
  const text = selectionsToText(saved);
  const fits = text.length <= mostLetters;
  setQueryParameter(parameter, text === "" || !fits ? null : text);
  await keepNamed(identity, text);
  return fits;
}
