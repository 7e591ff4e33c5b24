import {extend, h, setAttribute, setText} from "./dom.js";
import {formatInteger} from "./format.js";

/** A column of a paged table. */
export interface PagedColumn<Row> {
  name: string;
  /** Numbers stand to the right. */
  number?: boolean;
  cell(row: Row): string | Node;
  /** What the rows are sorted by where its name is pressed, the highest first and then the lowest; without it, it is no button. */
  value?(row: Row): number | string;
}

/** A table that shows one page of its rows; `show(index)` turns to the page that holds a row and marks it. */
export type PagedTable<Row> = HTMLElement & {update(rows: readonly Row[]): void; show(index: number | null): void};

/**
 * A table of many rows, `size` at a time, with buttons to turn pages. `title` is its name for readers. It stands in place of
 * Inputs.table where rows change or one is turned to from another figure, which that can neither do.
 */
export function pagedTable<Row>(
  columns: readonly PagedColumn<Row>[],
  {title, size = 15, empty = "nothing to show"}: {title: string; size?: number; empty?: string}
): PagedTable<Row> {
  let rows: readonly Row[] = [];
  let page = 0;
  let marked: number | null = null;
  let order: Uint32Array | null = null;
  let sorted: {column: number; falling: boolean} | null = null;
  const body = h("tbody");
  const where = h("span", {class: "wb-small wb-pages-where", role: "status"});
  const turn = (to: number) => () => {
    page =
      to < 0 ? Math.max(0, page + to) : to === Infinity ? pages() - 1 : to === 0 ? 0 : Math.min(pages() - 1, page + to);
    draw();
  };
  const button = (name: string, sign: string, to: number) =>
    h(
      "button",
      {type: "button", class: "wb-button wb-button-small", "aria-label": `${title}: ${name}`, onclick: turn(to)},
      sign
    );
  const first = button("first page", "«", 0);
  const before = button("page before", "‹", -1);
  const after = button("next page", "›", 1);
  const last = button("last page", "»", Infinity);
  const pages = (): number => Math.max(1, Math.ceil(rows.length / size));
  const at = (place: number): number => order?.[place] ?? place;
  const sort = (): void => {
    const value = sorted === null ? undefined : columns[sorted.column].value;
    order = value === undefined ? null : sortedPlaces(rows.map(value), sorted!.falling);
    heads.forEach((head, i) => {
      const isSorted = sorted?.column === i;
      setAttribute(head, "aria-sort", isSorted ? (sorted!.falling ? "descending" : "ascending") : null);
    });
  };
  const heads = columns.map(({name, number, value}, i) => {
    const press = (): void => {
      sorted = {column: i, falling: sorted?.column === i ? !sorted.falling : number === true};
      page = 0;
      sort();
      draw();
    };
    const button = value && h("button", {type: "button", class: "wb-sort", onclick: press}, name);
    return h("th", {scope: "col", class: number ? "wb-number" : null}, button ?? name);
  });
  const draw = (): void => {
    const from = page * size;
    const places = Array.from({length: Math.max(0, Math.min(size, rows.length - from))}, (_, i) => at(from + i));
    const shown = places.map((place) => rows[place]);
    body.replaceChildren(
      ...shown.map((row, i) =>
        h(
          "tr",
          {"aria-current": places[i] === marked ? "true" : null},
          columns.map(({cell, number}) => h("td", {class: number ? "wb-number" : null}, cell(row)))
        )
      )
    );
    if (shown.length === 0) body.replaceChildren(h("tr", {}, h("td", {colspan: columns.length}, empty)));
    setText(
      where,
      rows.length === 0
        ? ""
        : `${formatInteger(from + 1)}–${formatInteger(from + shown.length)} of ${formatInteger(rows.length)}`
    );
    first.disabled = before.disabled = page === 0;
    after.disabled = last.disabled = page >= pages() - 1;
  };
  const root = h(
    "div",
    {class: "wb-paged"},
    h(
      "div",
      {class: "wb-scroll", tabindex: 0, role: "region", "aria-label": title},
      h("table", {class: "wb-table"}, h("thead", {}, h("tr", {}, heads)), body)
    ),
    h("div", {class: "wb-pages"}, first, before, where, after, last)
  );
  draw();
  return extend(root, {
    update(next: readonly Row[]) {
      rows = next;
      page = 0;
      marked = null;
      sort();
      draw();
    },
    show(index: number | null) {
      marked = index;
      if (index !== null) page = Math.floor((order?.indexOf(index) ?? index) / size);
      draw();
    }
  });
}

/** Places of values in their order, as stable as they came; numbers that are none stand last. */
function sortedPlaces(values: readonly (number | string)[], falling: boolean): Uint32Array {
  const sign = falling ? -1 : 1;
  const isNone = (value: number | string): boolean => typeof value === "number" && Number.isNaN(value);
  return Uint32Array.from(values.keys()).sort((a, b) => {
    const [one, other] = [values[a], values[b]];
    if (isNone(one) || isNone(other)) return Number(isNone(one)) - Number(isNone(other)) || a - b;
    return (one < other ? -sign : one > other ? sign : 0) || a - b;
  });
}
