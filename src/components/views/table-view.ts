import {DataType, type Table} from "apache-arrow";
import {typeText, valueText} from "./arrow-text.js";
import {extend, h} from "./dom.js";
import {formatCount, formatInteger} from "./format.js";

export interface TableViewOptions {
  /** Rows shown (8). */
  rows?: number;
  /** Name of the table, its caption. */
  title?: string;
  /** Buttons beside the caption, such as downloads. */
  actions?: (Node | string)[];
}

/** A table that can be filled anew. */
export type TableView = HTMLElement & {update(table: Table): void};

/** First rows of an Arrow table, with each column's type under its name; null is "–", long lists are cut. */
export function tableView(table: Table, {rows = 8, title = "Table", actions = []}: TableViewOptions = {}): TableView {
  const size = h("span", {class: "wb-small"});
  const grid = h("table", {class: "wb-table"});
  const root = h(
    "section",
    {class: "wb-tableview"},
    h("header", {class: "wb-tableview-header"}, h("h3", {}, title), size, h("div", {class: "wb-actions"}, actions)),
    h("div", {class: "wb-scroll", tabindex: 0, role: "region", "aria-label": `${title}: first rows`}, grid)
  );
  const update = (next: Table): void => {
    const {fields} = next.schema;
    const shown = Math.min(rows, next.numRows);
    const more = shown < next.numRows ? `, first ${formatInteger(shown)}` : "";
    size.textContent = `${formatCount(next.numRows, "row")}${more}, ${formatCount(fields.length, "column")}`;
    const numeric = fields.map(({type}) => DataType.isInt(type) || DataType.isFloat(type));
    const head = fields.map(({name, type, nullable}, k) =>
      h(
        "th",
        {scope: "col", class: numeric[k] ? "wb-number" : undefined},
        name,
        h(
          "span",
          {class: "wb-type"},
          `${typeText(type as DataType)}${nullable && (next.getChildAt(k)?.nullCount ?? 0) > 0 ? ", – for none" : ""}`
        )
      )
    );
    const body = Array.from({length: shown}, (_, i) =>
      h(
        "tr",
        {},
        fields.map((_, k) => {
          const text = valueText(next.getChildAt(k)?.get(i));
          return h(
            "td",
            {class: numeric[k] ? "wb-number" : undefined, title: text.length > 40 ? text : undefined},
            text
          );
        })
      )
    );
    grid.replaceChildren(h("thead", {}, h("tr", {}, head)), h("tbody", {}, body));
  };
  update(table);
  return extend(root, {update});
}
