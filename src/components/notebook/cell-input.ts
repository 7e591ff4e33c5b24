import type {OpenFile, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {bound} from "../views/address-input.js";
import {cellPicker, type CellPicker} from "../views/cell-picker.js";

/** What of a cell input differs from the page's own. */
export interface CellInputOptions {
  /** Its name in the address ("cell"). */
  name?: string;
  /** What the field is called ("Cell"). */
  label?: string;
  /** Which of the rows it begins with, from 0 (0); the last where there are fewer. */
  place?: number;
  /** No cell need be chosen: it begins with none, whatever `place` says. */
  optional?: boolean;
}

/**
 * A cell that is looked at, as an input whose value is its row: the address's, else one of `rows` (ascending; null: all of the file's), the
 * first unless `place` says otherwise. With `optional` it is null until a cell is chosen.
 */
export function cellInput(
  file: OpenFile,
  rows?: Int32Array | null,
  options?: CellInputOptions & {optional?: false}
): CellPicker;
export function cellInput(
  file: OpenFile,
  rows: Int32Array | null,
  options: CellInputOptions & {optional: true}
): CellPicker<number | null>;
export function cellInput(
  file: OpenFile,
  rows: Int32Array | null = null,
  {name = "cell", label = "Cell", place = 0, optional = false}: CellInputOptions = {}
): CellPicker<number | null> {
  const at = Math.max(0, Math.min(place, (rows?.length ?? file.cellIds.length) - 1));
  const first = optional ? null : (rows?.[at] ?? at);
  const parse = (text: string) => {
    const row = Number(text);
    return Number.isInteger(row) && row >= 0 && row < file.cellIds.length ? row : undefined;
  };
  const picker = cellPicker<number | null>(file.cellIds, rows, first, label);
  return bound<number | null, CellPicker<number | null>>(picker, {name, default: first, parse});
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
