import {h} from "./dom.js";

/** Rows of a table under a heading; null for none. The first cell of a row is its name. */
export type CardGroup = [heading: string | null, rows: string[][]];

/** What a card table shows. */
export interface CardTableData {
  caption: string;
  head: string[];
  groups: CardGroup[];
  /** Which columns hold numbers: all after the first unless told. */
  numeric?: boolean[];
}

/** A table with a caption, its rows in groups. */
export function cardTable({caption, head, groups, numeric = head.map((_, i) => i > 0)}: CardTableData): HTMLElement {
  const kind = (i: number) => (numeric[i] ? "wb-number" : undefined);
  const row = ([name, ...cells]: string[]) =>
    h(
      "tr",
      {},
      h("th", {scope: "row"}, name),
      cells.map((cell, i) => h("td", {class: kind(i + 1)}, cell))
    );
  const heading = (name: string) =>
    h("tr", {}, h("th", {scope: "rowgroup", colspan: head.length, class: "wb-card-group"}, name));
  const columns = head.map((name, i) => h("th", {scope: "col", class: kind(i)}, name));
  return h(
    "figure",
    {class: "wb-card-table"},
    h("figcaption", {}, caption),
    h(
      "div",
      {class: "wb-scroll", tabindex: 0, role: "region", "aria-label": caption},
      h(
        "table",
        {class: "wb-table"},
        h("thead", {}, h("tr", {}, columns)),
        groups.map(([name, rows]) => h("tbody", {}, name === null ? null : heading(name), rows.map(row)))
      )
    )
  );
}
