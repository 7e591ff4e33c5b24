import type {CellSelection} from "./cell-selection.js";
import {extend, h, setText} from "./dom.js";
import {formatCount, formatInteger} from "./format.js";

/** What the bar tells of. */
export interface SelectionStatus {
  selection: CellSelection | null;
  /** Cells of the file. */
  cells: number;
  /** Selected cells that the map beside the bar shows; null: there is no map. */
  shown: number | null;
}

/** The line that says how many cells are selected, and clears the selection. */
export type SelectionBar = HTMLElement & {show(status: SelectionStatus): void};

/** How many cells are selected, by what: "11 of 260 cells selected, by lasso and table. 9 of them are on the map." */
export function selectionWords({selection, cells, shown}: SelectionStatus): string {
  if (selection === null) return "";
  const {rows, by} = selection;
  const means = by.length === 0 ? "" : `, by ${by.join(" and ")}`;
  const off = rows.length - (shown ?? rows.length);
  const rest = off === 0 ? "" : ` ${formatInteger(rows.length - off)} of them are on the map.`;
  return `${formatInteger(rows.length)} of ${formatCount(cells, "cell")} selected${means}.${rest}`;
}

/** The bar of a view. `how` says how cells are selected while none is; `clear` is called by its button. */
export function selectionBar({how, clear}: {how: string; clear(): void}): SelectionBar {
  const words = h("span", {role: "status"});
  const button = h("button", {type: "button", class: "wb-link", hidden: true, onclick: clear}, "Clear selection");
  const chip = h("span", {class: "wb-selection"}, words, button);
  const root = h("p", {class: "wb-small wb-linked-selection"}, chip);
  return extend(root, {
    show(status: SelectionStatus) {
      const said = selectionWords(status);
      button.hidden = said === "";
      chip.classList.toggle("wb-selection-chip", said !== "");
      setText(words, said === "" ? how : said);
    }
  });
}
