import {DataType, type Field, type Table} from "apache-arrow";
import * as Inputs from "npm:@observablehq/inputs";
import {typeText, valueText} from "./arrow-text.js";
import {extend, h, setAttribute} from "./dom.js";
import {formatCount} from "./format.js";

export interface TableViewOptions {
  /** Rows seen at a time (8); the rest comes by scrolling. */
  rows?: number;
  /** Name of the table, its caption. */
  title?: string;
  /** Buttons beside the caption, such as downloads. */
  actions?: (Node | string)[];
}

/** A table that can be filled anew. */
export type TableView = HTMLElement & {update(table: Table): void};

/**
 * An Arrow table (Observable's Inputs.table: a click on a column sorts by it), with each column's type under its name. Long
 * lists are cut, the cell of a null is empty. Rows are read as they are scrolled to, so a long table costs nothing.
 */
export function tableView(table: Table, {rows = 8, title = "Table", actions = []}: TableViewOptions = {}): TableView {
  const size = h("span", {class: "wb-small"});
  const place = h("div");
  const root = h(
    "section",
    {class: "wb-tableview"},
    h("header", {class: "wb-tableview-header"}, h("h3", {}, title), size, h("div", {class: "wb-actions"}, actions)),
    place
  );
  const update = (next: Table): void => {
    size.textContent = `${formatCount(next.numRows, "row")}, ${formatCount(next.schema.fields.length, "column")}`;
    place.replaceChildren(grid(next, rows, title));
  };
  update(table);
  return extend(root, {update});
}

function grid(table: Table, rows: number, title: string): HTMLElement {
  const {fields} = table.schema;
  const of = <V>(value: (field: Field, k: number) => V): Record<string, V> =>
    Object.fromEntries(fields.map((field, k) => [field.name, value(field, k)]));
  const form = Inputs.table(table as Iterable<unknown>, {
    columns: fields.map(({name}) => name),
    // Inputs makes any span in a head as narrow as its sign of the order.
    header: of((field, k) => h("b", {}, field.name, h("small", {class: "wb-type"}, typeOf(field, table, k)))),
    format: of(() => (value: unknown) => valueText(value)),
    align: of(({type}) => (DataType.isInt(type) || DataType.isFloat(type) ? "right" : "left")),
    // Inputs counts rows of 22 pixels, and ours are taller: it must have the next ones ready early enough.
    rows: 2 * rows,
    maxHeight: `${2.1 * (rows + 2)}rem`,
    layout: "auto",
    // Its boxes for choosing rows have no names (axe-core: "label", critical, one a row).
    select: false
  });
  for (const [name, value] of Object.entries({tabindex: 0, role: "region", "aria-label": title}))
    setAttribute(form, name, value);
  return form;
}

function typeOf({type, nullable}: Field, table: Table, k: number): string {
  const some = nullable && (table.getChildAt(k)?.nullCount ?? 0) > 0;
  return `${typeText(type as DataType)}${some ? ", or none" : ""}`;
}
