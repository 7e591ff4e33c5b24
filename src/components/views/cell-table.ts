import type {ObsColumn} from "../core/tables/cells.js";
import {obsText} from "./cell-descriptions.js";
import {cellOrder, type ShownCells, type SortKey} from "./cell-order.js";
import {cellsCsv} from "./cells-csv.js";
import {extend, h, send, setAttribute, setText, uniqueId} from "./dom.js";
import {download} from "./download.js";
import {formatCount, formatInteger} from "./format.js";
import {changeSelection} from "./points-inside.js";

/** Cells of a table: names and columns, one entry a row of the file. */
export interface TableCells {
  cellIds: readonly string[];
  columns: readonly ObsColumn[];
}

/**
 * A table of cells. Events (CustomEvent): "hover" {row} (null: none), "cell" {row} when one is chosen to be looked at,
 * "selection" {rows} (ascending, null: none) when cells were selected or left out here.
 */
export type CellTable = HTMLElement & {
  /** Other cells; sorting, selection and the cell looked at are forgotten. */
  update(cells: TableCells): void;
  setSelection(rows: Int32Array | null): void;
  /** Marks a row as hovered elsewhere; it is not scrolled to. */
  setHover(row: number | null): void;
  /** Marks the cell that is looked at, and scrolls to it. */
  setCell(row: number | null): void;
};

/** Height of a line, CSS pixels: lines are made only where they are seen, so all must have one height. */
const lineHeight = 32;
const lines = 12;
const margin = 6;

/** All cells with their columns, sortable, any number of them; `name` is the file name of the download without ".csv". */
export function cellTable(cells: TableCells, {name = "cells"}: {name?: string} = {}): CellTable {
  const id = uniqueId("cells");
  const count = h("span", {class: "wb-small", role: "status"});
  const show = h(
    "select",
    {"aria-label": "Cells to show", onchange: () => reorder()},
    (["all", "selected first", "selected"] as const).map((mode) =>
      h("option", {value: mode}, mode === "all" ? "all cells" : mode === "selected" ? "selected cells only" : mode)
    )
  );
  const save = h("button", {type: "button", class: "wb-button wb-button-small", onclick: saveRows}, "Download CSV");
  const head = h("thead");
  const body = h("tbody");
  const grid = h(
    "table",
    {
      class: "wb-table wb-cell-grid",
      role: "grid",
      tabindex: 0,
      "aria-multiselectable": "true",
      "aria-label": "Cells: arrow keys move, Space selects, Enter looks at a cell"
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
  let sort: {key: SortKey; descending: boolean} = {key: "row", descending: false};
  let order: Int32Array = new Int32Array(0);
  let placeOf: Int32Array = new Int32Array(0);
  let selection: Int32Array | null = null;
  let chosen: Uint8Array = new Uint8Array(0);
  let [hovered, looked]: [number | null, number | null] = [null, null];
  /** Whether the hover came from this table. */
  let ours = false;
  /** Line that the keys are at. */
  let active = -1;
  let drawn = "";

  scroller.addEventListener("scroll", () => draw(), {passive: true});
  grid.addEventListener("keydown", onKey);
  grid.addEventListener("blur", () => ours && hover(null));
  body.addEventListener("pointerover", (event) => hover(rowAt(event)));
  body.addEventListener("pointerleave", () => hover(null));
  body.addEventListener("click", (event) => {
    const row = rowAt(event);
    if (row === null) return;
    mark("wb-active", order[active], row);
    active = placeOf[row];
    if ((event.target as Element).closest(".wb-cell-check") !== null) toggle(row);
    else look(row);
  });
  // Where the table was folded up, the cell that is looked at is scrolled to when it opens.
  let folded = true;
  const observer = new ResizeObserver(() => {
    if (folded && scroller.clientHeight > 0 && active >= 0) reach(active);
    folded = scroller.clientHeight === 0;
    draw();
  });
  observer.observe(scroller);
  update(cells);

  return extend(root, {
    update,
    setSelection(rows: Int32Array | null) {
      take(rows);
    },
    setHover(row: number | null) {
      mark("wb-hovered", hovered, row);
      [hovered, ours] = [row, false];
    },
    setCell(row: number | null) {
      mark("wb-looked", looked, row);
      looked = row;
      if (row === null || placeOf[row] < 0) return;
      // The keys go on from there.
      mark("wb-active", order[active], row);
      active = placeOf[row];
      reach(active);
      draw(true);
    }
  });

  function update(next: TableCells): void {
    cells = next;
    [hovered, looked, active, sort] = [null, null, -1, {key: "row", descending: false}];
    header();
    order = new Int32Array(0);
    take(null);
    scroller.scrollTop = 0;
  }

  function header(): void {
    const column = (label: string, key: SortKey, numeric: boolean): HTMLElement =>
      h(
        "th",
        {
          scope: "col",
          role: "columnheader",
          class: numeric ? "wb-number" : undefined,
          "aria-sort": sort.key === key ? (sort.descending ? "descending" : "ascending") : "none"
        },
        h(
          "button",
          {type: "button", class: "wb-link wb-sort", onclick: () => sortBy(key)},
          label,
          h("span", {"aria-hidden": "true"}, sort.key === key ? (sort.descending ? " ▾" : " ▴") : "")
        )
      );
    head.replaceChildren(
      h(
        "tr",
        {role: "row", "aria-rowindex": 1},
        h("th", {scope: "col", role: "columnheader"}, h("span", {class: "wb-hidden"}, "selected")),
        column("row", "row", true),
        column("cell", "cell", false),
        cells.columns.map(({name: title, kind}, position) =>
          column(title, position, kind === "number" || kind === "integer")
        )
      )
    );
  }

  function sortBy(key: SortKey): void {
    sort = {key, descending: sort.key === key && !sort.descending};
    header();
    reorder();
    head.querySelectorAll<HTMLElement>(".wb-sort")[key === "row" ? 0 : key === "cell" ? 1 : key + 2]?.focus();
  }

  function take(rows: Int32Array | null): void {
    selection = rows;
    chosen = new Uint8Array(cells.cellIds.length);
    rows?.forEach((row) => (chosen[row] = 1));
    save.textContent = rows === null ? "Download all (CSV)" : `Download ${formatInteger(rows.length)} selected (CSV)`;
    save.disabled = cells.cellIds.length === 0;
    setText(
      count,
      selection === null
        ? formatCount(cells.cellIds.length, "cell")
        : `${formatInteger(selection.length)} of ${formatCount(cells.cellIds.length, "cell")} selected`
    );
    if (show.value !== "all" || order.length !== cells.cellIds.length) reorder();
    else draw(true);
  }

  function reorder(): void {
    const row = active < 0 ? null : (order[active] ?? null);
    order = cellOrder({...cells, ...sort, shown: show.value as ShownCells, selection});
    placeOf = new Int32Array(cells.cellIds.length).fill(-1);
    order.forEach((one, place) => (placeOf[one] = place));
    active = row === null ? -1 : (placeOf[row] ?? -1);
    setAttribute(grid, "aria-rowcount", order.length + 1);
    draw(true);
  }

  /** Makes the lines that are seen, and room for the others. */
  function draw(anew = false): void {
    const headHeight = head.offsetHeight || lineHeight;
    const first = Math.max(0, Math.floor(scroller.scrollTop / lineHeight) - margin);
    const last = Math.min(
      order.length,
      Math.ceil((scroller.scrollTop + (scroller.clientHeight || lineHeight * lines) - headHeight) / lineHeight) + margin
    );
    const now = `${first} ${last}`;
    if (!anew && now === drawn) return;
    drawn = now;
    const room = (count: number, end: string): HTMLElement =>
      h(
        "tr",
        {"aria-hidden": "true", class: "wb-cell-room", "data-end": end},
        h("td", {colspan: cells.columns.length + 3, style: `height: ${count * lineHeight}px`})
      );
    body.replaceChildren(
      first > 0 ? room(first, "top") : "",
      ...Array.from(order.subarray(first, last), (row, k) => line(row, first + k)),
      last < order.length ? room(order.length - last, "bottom") : ""
    );
    setAttribute(grid, "aria-activedescendant", active >= first && active < last ? `${id}-${order[active]}` : null);
    if (order.length === 0)
      body.replaceChildren(
        h(
          "tr",
          {role: "row"},
          h(
            "td",
            {colspan: cells.columns.length + 3},
            show.value === "selected" ? "No cells are selected." : "No cells."
          )
        )
      );
  }

  function line(row: number, place: number): HTMLElement {
    const isChosen = chosen[row] === 1;
    const marks = [place === active && "wb-active", row === hovered && "wb-hovered", row === looked && "wb-looked"]
      .filter((mark) => mark !== false)
      .join(" ");
    const cell = (text: string, numeric: boolean): HTMLElement =>
      h(
        "td",
        {role: "gridcell", class: numeric ? "wb-number" : undefined, title: text.length > 24 ? text : undefined},
        text
      );
    return h(
      "tr",
      {
        role: "row",
        id: `${id}-${row}`,
        "data-row": row,
        "aria-rowindex": place + 2,
        "aria-selected": String(isChosen),
        "aria-current": row === looked ? "true" : undefined,
        class: marks || undefined,
        style: `height: ${lineHeight}px`
      },
      h(
        "td",
        {role: "gridcell", class: "wb-cell-check"},
        h("span", {class: "wb-check", "aria-hidden": "true"}, isChosen ? "✓" : "")
      ),
      cell(String(row), true),
      cell(cells.cellIds[row], false),
      cells.columns.map((column) => cell(obsText(column, row), column.kind === "number" || column.kind === "integer"))
    );
  }

  function rowAt(event: Event): number | null {
    const line = (event.target as Element).closest<HTMLElement>("[data-row]");
    return line === null ? null : Number(line.dataset["row"]);
  }

  function hover(row: number | null): void {
    if (row === hovered) return;
    mark("wb-hovered", hovered, row);
    [hovered, ours] = [row, true];
    send(root, "hover", {row});
  }

  /** Moves a mark from one line to another, where they are seen. */
  function mark(
    name: "wb-hovered" | "wb-looked" | "wb-active",
    from: number | null | undefined,
    to: number | null | undefined
  ): void {
    if (from === to) return;
    for (const [row, on] of [
      [from, false],
      [to, true]
    ] as const) {
      const line = row === null || row === undefined ? null : document.getElementById(`${id}-${row}`);
      line?.classList.toggle(name, on);
      if (name === "wb-looked" && line !== null) setAttribute(line, "aria-current", on ? "true" : null);
    }
  }

  function look(row: number): void {
    mark("wb-looked", looked, row);
    looked = row;
    send(root, "cell", {row});
  }

  function toggle(row: number): void {
    take(changeSelection(selection, Int32Array.of(row), chosen[row] === 1 ? "remove" : "add"));
    send(root, "selection", {rows: selection});
  }

  function reach(place: number): void {
    if (scroller.clientHeight === 0) return;
    const seen = scroller.clientHeight - (head.offsetHeight || lineHeight);
    if (place * lineHeight < scroller.scrollTop) scroller.scrollTop = place * lineHeight;
    else if ((place + 1) * lineHeight > scroller.scrollTop + seen) scroller.scrollTop = (place + 1) * lineHeight - seen;
  }

  function onKey(event: KeyboardEvent): void {
    if (event.target !== grid || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + lines - 1,
      PageUp: active - lines + 1,
      Home: 0,
      End: order.length - 1
    };
    const at = order[active];
    if (event.key in moves && order.length > 0) {
      active = Math.min(order.length - 1, Math.max(0, moves[event.key]));
      reach(active);
      draw(true);
      hover(order[active]);
    } else if (event.key === " " && at !== undefined) toggle(at);
    else if (event.key === "Enter" && at !== undefined) look(at);
    else return;
    event.preventDefault();
  }

  function saveRows(): void {
    const rows = selection ?? Int32Array.from(cells.cellIds, (_, row) => row);
    download(`${name}.csv`, [cellsCsv(cells.cellIds, cells.columns, rows)], {type: "text/csv"});
  }
}
