import type {OpenFile, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {bound} from "../views/address-input.js";
import {cellPicker, type CellPicker} from "../views/cell-picker.js";

/**
 * The cell that is looked at, as an input whose value is its row: the address's ("cell"), else the first of `rows`, of all where they are
 * null. With `optional` it is null until a cell is chosen.
 */
export function cellInput(file: OpenFile, rows?: Int32Array | null): CellPicker;
export function cellInput(
  file: OpenFile,
  rows: Int32Array | null,
  options: {optional: true}
): CellPicker<number | null>;
export function cellInput(
  file: OpenFile,
  rows: Int32Array | null = null,
  {optional = false}: {optional?: boolean} = {}
): CellPicker<number | null> {
  const first = optional ? null : (rows?.[0] ?? 0);
  const parse = (text: string) => {
    const row = Number(text);
    return Number.isInteger(row) && row >= 0 && row < file.cellIds.length ? row : undefined;
  };
  const picker = cellPicker<number | null>(file.cellIds, rows, first);
  return bound<number | null, CellPicker<number | null>>(picker, {name: "cell", default: first, parse});
}

/**
 * Lets figures choose the cell: their "cell" events (CustomEvent, detail: row in the file) become values of the input, until the wish
 * is withdrawn.
 */
export function chooseCell(input: CellPicker, figures: readonly HTMLElement[], wish: Wish = {}): void {
  const options = {signal: wishSignal(wish)};
  const choose = (event: Event): void => {
    input.value = (event as CustomEvent<number>).detail;
    input.dispatchEvent(new Event("input", {bubbles: true}));
  };
  for (const figure of figures) figure.addEventListener("cell", choose, options);
}
