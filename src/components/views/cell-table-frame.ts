import type {ShownCells} from "./cell-order.js";
import {lineHeight} from "./cell-lines.js";
import {h, uniqueId} from "./dom.js";

/** Lines that a table of cells has room for. */
export const lines = 12;

const modes: Record<ShownCells, string> = {
  all: "all cells",
  "selected first": "selected first",
  selected: "selected cells only"
};

/** The elements of a table of cells: a choice of cells, their number, a download, and the grid in a box that scrolls. */
export function cellTableFrame(actions: {reorder(): void; save(): void}) {
  const id = uniqueId("cells");
  const count = h("span", {class: "wb-small", role: "status"});
  const show = h(
    "select",
    {"aria-label": "Cells to show", onchange: actions.reorder},
    Object.entries(modes).map(([mode, words]) => h("option", {value: mode}, words))
  );
  const save = h("button", {type: "button", class: "wb-button wb-button-small", onclick: actions.save}, "Download CSV");
  const head = h("thead");
  const body = h("tbody");
  const grid = h(
    "table",
    {
      class: "wb-table wb-cell-grid",
      role: "grid",
      tabindex: 0,
      "aria-multiselectable": "true",
      "aria-label": "Cells: arrow keys move, Space selects, Escape clears the selection, Enter looks at a cell"
    },
    head,
    body
  );
  const scroller = h("div", {class: "wb-cell-scroll", style: `height: ${lineHeight * (lines + 1)}px`}, grid);
  const root = h(
    "section",
    {class: "wb-celltable", "aria-label": "Table of cells"},
    h(
      "div",
      {class: "wb-fields"},
      h("label", {class: "wb-field"}, "Show", show),
      count,
      h("div", {class: "wb-actions"}, save)
    ),
    scroller
  );
  return {id, root, count, show, save, head, body, grid, scroller};
}
