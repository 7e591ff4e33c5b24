import type {ObsColumn} from "../core/tables/cells.js";
import {obsText} from "./cell-descriptions.js";
import type {SortKey} from "./cell-order.js";
import {h} from "./dom.js";

/** Height of a line, CSS pixels: lines are made only where they are seen, so all must have one height. */
export const lineHeight = 32;

/** Cells of a table: names and columns, one entry a row of the file. */
export interface TableCells {
  cellIds: readonly string[];
  columns: readonly ObsColumn[];
}

/** Order of a table's lines. */
export interface TableSort {
  key: SortKey;
  descending: boolean;
}

/** How a line looks. */
export interface LineState {
  /** Place among the lines, from 0. */
  place: number;
  chosen: boolean;
  /** The keys are at it; it is hovered; the page looks at its cell. */
  active: boolean;
  hovered: boolean;
  looked: boolean;
}

const isNumeric = ({kind}: ObsColumn): boolean => kind === "number" || kind === "integer";

/** The line of heads, a button each that sorts. */
export function headLine(columns: readonly ObsColumn[], sort: TableSort, sortBy: (key: SortKey) => void): HTMLElement {
  const column = (label: string, key: SortKey, numeric: boolean): HTMLElement => {
    const isSorted = sort.key === key;
    return h(
      "th",
      {
        scope: "col",
        role: "columnheader",
        class: numeric ? "wb-number" : undefined,
        "aria-sort": isSorted ? (sort.descending ? "descending" : "ascending") : "none"
      },
      h(
        "button",
        {type: "button", class: "wb-link wb-sort", onclick: () => sortBy(key)},
        label,
        h("span", {"aria-hidden": "true"}, isSorted ? (sort.descending ? " ▾" : " ▴") : "")
      )
    );
  };
  return h(
    "tr",
    {role: "row", "aria-rowindex": 1},
    h("th", {scope: "col", role: "columnheader"}, h("span", {class: "wb-hidden"}, "selected")),
    column("row", "row", true),
    column("cell", "cell", false),
    columns.map((one, position) => column(one.name, position, isNumeric(one)))
  );
}

/** The line of a cell; `id` is that of its element. */
export function cellLine({cellIds, columns}: TableCells, row: number, id: string, state: LineState): HTMLElement {
  const {place, chosen, active, hovered, looked} = state;
  const marks = [active && "wb-active", hovered && "wb-hovered", looked && "wb-looked"].filter(
    (mark) => mark !== false
  );
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
      id,
      "data-row": row,
      "aria-rowindex": place + 2,
      "aria-selected": String(chosen),
      "aria-current": looked ? "true" : undefined,
      class: marks.join(" ") || undefined,
      style: `height: ${lineHeight}px`
    },
    h(
      "td",
      {role: "gridcell", class: "wb-cell-check"},
      h("span", {class: "wb-check", "aria-hidden": "true"}, chosen ? "✓" : "")
    ),
    cell(String(row), true),
    cell(cellIds[row], false),
    columns.map((column) => cell(obsText(column, row), isNumeric(column)))
  );
}

/** Room for `count` lines that are not made, at one end of those that are. */
export function lineRoom(count: number, columns: number, end: "top" | "bottom"): HTMLElement {
  const style = `height: ${count * lineHeight}px`;
  return h(
    "tr",
    {"aria-hidden": "true", class: "wb-cell-room", "data-end": end},
    h("td", {colspan: columns + 3, style})
  );
}

/** A line with words in place of cells. */
export function wordsLine(words: string, columns: number): HTMLElement {
  return h("tr", {role: "row"}, h("td", {colspan: columns + 3}, words));
}
