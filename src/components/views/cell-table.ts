import {cellLine, headLine, lineRoom, type TableCells, type TableSort, wordsLine} from "./cell-lines.js";
import {cellOrder, type ShownCells, type SortKey} from "./cell-order.js";
import {cellTableFrame} from "./cell-table-frame.js";
import {lineByKey, linesSeen, reachLine} from "./cell-table-window.js";
import {cellsCsv} from "./cells-csv.js";
import {extend, send, setAttribute, setText} from "./dom.js";
import {download} from "./download.js";
import {formatCount, formatInteger} from "./format.js";
import {changeSelection} from "./points-inside.js";

export type {TableCells} from "./cell-lines.js";

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

/**
 * All cells with their columns, sortable, any number of them; `name` is the file name of the download without ".csv". It stands in
 * place of Inputs.table for keys, names of its boxes, and marks that other figures set and that it scrolls to.
 */
export function cellTable(cells: TableCells, {name = "cells"}: {name?: string} = {}): CellTable {
  const table = new CellGrid(cells, name);
  const {root} = table.frame;
  return extend(root, {
    update: (next: TableCells) => table.update(next),
    setSelection: (rows: Int32Array | null) => table.take(rows),
    setHover: (row: number | null) => table.setHover(row),
    setCell: (row: number | null) => table.setCell(row)
  });
}

type Mark = "wb-hovered" | "wb-looked" | "wb-active";

/** The state of a table of cells and what changes it. */
class CellGrid {
  readonly frame = cellTableFrame({reorder: () => this.reorder(), save: () => this.save()});
  private sort: TableSort = {key: "row", descending: false};
  private order: Int32Array = new Int32Array(0);
  private placeOf: Int32Array = new Int32Array(0);
  private selection: Int32Array | null = null;
  private chosen: Uint8Array = new Uint8Array(0);
  private hovered: number | null = null;
  private looked: number | null = null;
  /** Whether the hover came from this table. */
  private ours = false;
  /** Line that the keys are at. */
  private active = -1;
  private drawn = "";
  /** Words on how many cells are selected. */
  private counted = "";

  constructor(
    private cells: TableCells,
    private readonly name: string
  ) {
    this.listen();
    this.update(cells);
  }

  private listen(): void {
    const {scroller, grid, body} = this.frame;
    scroller.addEventListener("scroll", () => this.draw(), {passive: true});
    grid.addEventListener("keydown", (event) => this.onKey(event));
    grid.addEventListener("blur", () => this.ours && this.hover(null));
    body.addEventListener("pointerover", (event) => this.hover(rowAt(event)));
    body.addEventListener("pointerleave", () => this.hover(null));
    body.addEventListener("click", (event) => {
      const row = rowAt(event);
      if (row === null) return;
      this.activate(row);
      if ((event.target as Element).closest(".wb-cell-check") !== null) this.toggle(row);
      else this.look(row);
    });
    // Where the table was folded up, the cell that is looked at is scrolled to when it opens.
    let folded = true;
    const observer = new ResizeObserver(() => {
      if (folded && scroller.clientHeight > 0 && this.active >= 0) this.reach();
      folded = scroller.clientHeight === 0;
      this.draw();
    });
    observer.observe(scroller);
  }

  update(next: TableCells): void {
    this.cells = next;
    [this.hovered, this.looked, this.active] = [null, null, -1];
    this.sort = {key: "row", descending: false};
    this.header();
    this.order = new Int32Array(0);
    this.take(null);
    this.frame.scroller.scrollTop = 0;
  }

  take(rows: Int32Array | null): void {
    const {save, show} = this.frame;
    const {length} = this.cells.cellIds;
    this.selection = rows;
    this.chosen = new Uint8Array(length);
    rows?.forEach((row) => (this.chosen[row] = 1));
    save.textContent = rows === null ? "Download all (CSV)" : `Download ${formatInteger(rows.length)} selected (CSV)`;
    save.disabled = length === 0;
    const all = formatCount(length, "cell");
    this.counted = rows === null ? all : `${formatInteger(rows.length)} of ${all} selected`;
    if (show.value !== "all" || this.order.length !== length) this.reorder();
    else this.draw(true);
  }

  setHover(row: number | null): void {
    this.mark("wb-hovered", this.hovered, row);
    [this.hovered, this.ours] = [row, false];
  }

  setCell(row: number | null): void {
    this.mark("wb-looked", this.looked, row);
    this.looked = row;
    if (row === null || this.placeOf[row] < 0) return;
    // The keys go on from there.
    this.activate(row);
    this.reach();
    this.draw(true);
  }

  private header(): void {
    this.frame.head.replaceChildren(headLine(this.cells.columns, this.sort, (key) => this.sortBy(key)));
  }

  private sortBy(key: SortKey): void {
    this.sort = {key, descending: this.sort.key === key && !this.sort.descending};
    this.header();
    this.reorder();
    const place = key === "row" ? 0 : key === "cell" ? 1 : key + 2;
    this.frame.head.querySelectorAll<HTMLElement>(".wb-sort")[place]?.focus();
  }

  private reorder(): void {
    const row = this.active < 0 ? null : (this.order[this.active] ?? null);
    const shown = this.frame.show.value as ShownCells;
    this.order = cellOrder({...this.cells, ...this.sort, shown, selection: this.selection});
    this.placeOf = new Int32Array(this.cells.cellIds.length).fill(-1);
    this.order.forEach((one, place) => (this.placeOf[one] = place));
    this.active = row === null ? -1 : (this.placeOf[row] ?? -1);
    setAttribute(this.frame.grid, "aria-rowcount", this.order.length + 1);
    this.draw(true);
  }

  /** Makes the lines that are seen, and room for the others. */
  private draw(anew = false): void {
    const {order, active, frame} = this;
    const [first, last] = linesSeen(frame.scroller, frame.head, order.length);
    const now = `${first} ${last}`;
    if (!anew && now === this.drawn) return;
    this.drawn = now;
    const hidden = this.cells.cellIds.length - order.length;
    setText(frame.count, hidden > 0 ? `${this.counted}; ${formatInteger(hidden)} not listed` : this.counted);
    const columns = this.cells.columns.length;
    const isSeen = active >= first && active < last;
    setAttribute(frame.grid, "aria-activedescendant", isSeen ? this.idOf(order[active]) : null);
    if (order.length === 0) {
      const words = frame.show.value === "selected" ? "No cells are selected." : "No cells.";
      return frame.body.replaceChildren(wordsLine(words, columns));
    }
    frame.body.replaceChildren(
      first > 0 ? lineRoom(first, columns, "top") : "",
      ...Array.from(order.subarray(first, last), (row, k) => this.line(row, first + k)),
      last < order.length ? lineRoom(order.length - last, columns, "bottom") : ""
    );
  }

  private line(row: number, place: number): HTMLElement {
    return cellLine(this.cells, row, this.idOf(row), {
      place,
      chosen: this.chosen[row] === 1,
      active: place === this.active,
      hovered: row === this.hovered,
      looked: row === this.looked
    });
  }

  private idOf(row: number): string {
    return `${this.frame.id}-${row}`;
  }

  private hover(row: number | null): void {
    if (row === this.hovered) return;
    this.mark("wb-hovered", this.hovered, row);
    [this.hovered, this.ours] = [row, true];
    send(this.frame.root, "hover", {row});
  }

  /** Moves a mark from one line to another, where they are seen. */
  private mark(name: Mark, from: number | null | undefined, to: number | null | undefined): void {
    if (from === to) return;
    for (const [row, on] of [
      [from, false],
      [to, true]
    ] as const) {
      const line = row === null || row === undefined ? null : document.getElementById(this.idOf(row));
      line?.classList.toggle(name, on);
      if (name === "wb-looked" && line !== null) setAttribute(line, "aria-current", on ? "true" : null);
    }
  }

  private activate(row: number): void {
    this.mark("wb-active", this.order[this.active], row);
    this.active = this.placeOf[row];
  }

  private look(row: number): void {
    this.mark("wb-looked", this.looked, row);
    this.looked = row;
    send(this.frame.root, "cell", {row});
  }

  private toggle(row: number): void {
    this.select(changeSelection(this.selection, Int32Array.of(row), this.chosen[row] === 1 ? "remove" : "add"));
  }

  private select(rows: Int32Array | null): void {
    this.take(rows);
    send(this.frame.root, "selection", {rows});
  }

  private reach(): void {
    reachLine(this.frame.scroller, this.frame.head, this.active);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target !== this.frame.grid || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.order[this.active];
    const next = lineByKey(event.key, this.active, this.order.length);
    if (next !== null) {
      this.active = next;
      this.reach();
      this.draw(true);
      this.hover(this.order[next]);
    } else if (event.key === " " && at !== undefined) this.toggle(at);
    else if (event.key === "Enter" && at !== undefined) this.look(at);
    else if (event.key === "Escape" && this.selection !== null) this.select(null);
    else return;
    event.preventDefault();
  }

  private save(): void {
    const {cellIds, columns} = this.cells;
    const rows = this.selection ?? Int32Array.from(cellIds, (_, row) => row);
    download(`${this.name}.csv`, [cellsCsv(cellIds, columns, rows)], {type: "text/csv"});
  }
}

function rowAt(event: Event): number | null {
  const line = (event.target as Element).closest<HTMLElement>("[data-row]");
  return line === null ? null : Number(line.dataset["row"]);
}
