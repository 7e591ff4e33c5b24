import type {OpenFile, Wish} from "../core/stages/stage.js";
import {bound} from "../views/address-input.js";
import {extend, h, send, setText} from "../views/dom.js";
import {formatCount} from "../views/format.js";
import {cellInput} from "./cell-input.js";
import {linkSelection} from "./link-selection.js";

/** Cells that are asked about: one that is looked at, and the rows of all. */
export interface ExplainedChoice {
  /** The cell itself, or the first of the selection. */
  row: number;
  rows: Int32Array;
  /** True for the selection that the address carries. */
  isSelection: boolean;
}

/** A choice of cells, as an input. */
export type ExplainedInput = HTMLElement & {readonly value: ExplainedChoice};

/** One cell ("cell" in the address), or the selection that the address carries from another page, which comes first where there is one ("of": "cell" for the cell all the same). */
export function explainedInput(file: OpenFile, wish: Wish = {}): ExplainedInput {
  const cell = cellInput(file);
  let selected: Int32Array | null = null;
  const ofCell = h("option", {value: "cell"}, "one cell");
  const ofSelection = h("option", {value: "selection"}, "the selection");
  const which = bound<string, HTMLSelectElement>(h("select", {"aria-label": "Explain"}, ofSelection, ofCell), {
    name: "of",
    default: "selection"
  });
  const field = h("label", {class: "wb-field", hidden: true}, "Explain", which);
  const words = h("span", {class: "wb-small"});
  const root = h("div", {class: "wb-fields"}, field, cell, words);
  const isSelection = () => selected !== null && which.value === "selection";
  const show = (): void => {
    field.hidden = selected === null;
    cell.hidden = isSelection();
    if (selected !== null) setText(ofSelection, `the selection: ${formatCount(selected.length, "cell")}`);
    setText(words, selected === null ? "A selection made on another page can be explained here, too." : "");
  };
  // Both inputs are parts of this one: what they tell is told once, as its own.
  const tell = (event: Event): void => {
    if (event.target === root) return;
    event.stopPropagation();
    show();
    send(root, "input");
  };
  root.addEventListener("input", tell);
  const held = extend(h("span"), {
    get value() {
      return selected;
    },
    set value(rows: Int32Array | null) {
      selected = rows;
    }
  });
  held.addEventListener("input", () => {
    show();
    send(root, "input");
  });
  linkSelection(held, file, wish);
  show();
  return extend(root, {
    get value(): ExplainedChoice {
      const rows = isSelection() ? selected! : Int32Array.of(cell.value);
      return {row: rows[0], rows, isSelection: isSelection()};
    }
  });
}
