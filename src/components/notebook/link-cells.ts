import type {Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import type {CellPicker} from "../views/cell-picker.js";
import type {CellTable} from "../views/cell-table.js";
import type {LinkedMaps} from "../views/linked-maps.js";

/**
 * Links maps, a table (null: none) and an input for the cell that is looked at, of the same cells: what is hovered, selected or looked at in one is so in
 * all. The maps and the input tell of it as inputs do ("input"). Until the wish is withdrawn.
 */
export function linkCells(
  maps: LinkedMaps,
  table: CellTable | null,
  looked: CellPicker<number | null>,
  wish: Wish = {}
): void {
  const signal = wishSignal(wish);
  const hear = <Detail>(from: HTMLElement, name: string, tell: (detail: Detail) => void) =>
    from.addEventListener(name, (event) => tell((event as CustomEvent<Detail>).detail), {signal});
  const look = (row: number | null): void => {
    maps.look(row);
    table?.setCell(row);
  };
  const choose = ({row}: {row: number}): void => {
    looked.value = row;
    looked.dispatchEvent(new Event("input", {bubbles: true}));
  };
  hear<{row: number | null}>(maps, "hover", ({row}) => table?.setHover(row));
  hear(maps, "cell", choose);
  hear(looked, "input", () => look(looked.value));
  hear(maps, "input", () => table?.setSelection(maps.value));
  if (table !== null) {
    hear<{row: number | null}>(table, "hover", ({row}) => maps.hover(row));
    hear(table, "cell", choose);
    hear<{rows: Int32Array | null}>(table, "selection", ({rows}) => maps.take(rows, "table"));
    table.setSelection(maps.value);
  }
  look(looked.value);
}
