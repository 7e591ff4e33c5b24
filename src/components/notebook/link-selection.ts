import {sameRows} from "../core/cells/same-rows.js";
import {rowsFromText, rowsToText} from "../core/cells/rows-text.js";
import type {OpenFile, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {keepSelection, keptSelection} from "../runtime/browser/kept-selections.js";
import {queryParameter, setQueryParameter} from "../views/address-query.js";
import {send} from "../views/dom.js";

/** An input whose value is a selection of rows. */
export type SelectionInput = HTMLElement & {value: Int32Array | null};

const parameter = "selection";
/** Letters of a selection that an address carries; a larger one is kept in this browser, and the address has its mark. */
const mostLetters = 1200;
const mark = ".";

/**
 * Ties the selection of a file's cells to the page's address ("selection": runs of rows as text, or "." and the mark of a selection that this browser
 * keeps), until the wish is withdrawn. The input takes what the address has, now and after a step in the history.
 */
export function linkSelection(input: SelectionInput, {cellIds}: Pick<OpenFile, "cellIds">, wish: Wish = {}): void {
  const signal = wishSignal(wish);
  let steps = 0;
  const restore = async (): Promise<void> => {
    const step = ++steps;
    const rows = await rowsOfAddress(cellIds.length);
    if (step !== steps || signal?.aborted || sameRows(rows, input.value)) return;
    input.value = rows;
    send(input, "input");
  };
  const write = async (): Promise<void> => {
    const step = ++steps;
    const text = await textOf(input.value);
    if (step === steps && !signal?.aborted) setQueryParameter(parameter, text);
  };
  // Text that means nothing here is left as it is until another selection is made.
  if (queryParameter(parameter) !== null) void restore();
  input.addEventListener("input", (event) => event.target === input && void write(), {signal});
  for (const step of ["popstate", "hashchange"]) addEventListener(step, () => void restore(), {signal});
}

/** The selection as an address carries it; null for none. Keeps it in this browser where it is too long for that. */
export async function textOf(rows: Int32Array | null): Promise<string | null> {
  if (rows === null || rows.length === 0) return null;
  const text = rowsToText(rows);
  return text.length <= mostLetters ? text : mark + (await keepSelection(text));
}

async function rowsOfAddress(cells: number): Promise<Int32Array | null> {
  const asked = queryParameter(parameter);
  const text = asked?.startsWith(mark) ? await keptSelection(asked.slice(mark.length)) : asked;
  return text === null ? null : rowsFromText(text, cells);
}
