import {h, uniqueId} from "./dom.js";

/** What a figure shows that is a table. */
export interface TableFigure {
  title: string;
  /** A class of the figure's own. */
  className?: string;
  /** Headings of the columns; the first is of the rows' names, the others stand over numbers. */
  head: readonly string[];
  /** Headings that stand over text. */
  texts?: readonly string[];
  /** Rows, and those below the line. */
  body: HTMLElement[];
  foot?: HTMLElement[];
  /** What the columns mean, below. */
  note?: string;
}

/** A titled table that scrolls sideways by itself where it is wider than the page, by pointer and by keys. */
export function tableFigure({title, className, head, texts = [], body, foot, note}: TableFigure): HTMLElement {
  const id = uniqueId("table");
  const heading = (name: string, i: number) =>
    h("th", {scope: "col", class: i === 0 || texts.includes(name) ? undefined : "wb-number"}, name);
  return h(
    "section",
    {class: className === undefined ? "wb-figure-html" : `${className} wb-figure-html`},
    h("div", {class: "wb-figure-title", id}, title),
    h(
      "div",
      {class: "wb-scroll", tabindex: 0, role: "region", "aria-labelledby": id},
      h(
        "table",
        {class: "wb-table", "aria-labelledby": id},
        h("thead", {}, h("tr", {}, head.map(heading))),
        h("tbody", {}, body),
        foot === undefined ? null : h("tfoot", {}, foot)
      )
    ),
    note === undefined ? null : h("p", {class: "wb-small"}, note)
  );
}
