import type {Table} from "apache-arrow";
import {readProvenance} from "../core/tables/provenance.js";
import {h} from "./dom.js";
import {tableView} from "./table-view.js";

/** First rows of a stage's table, and what made it. */
export function tableWithOrigin(table: Table, {name, rows = 6}: {name: string; rows?: number}): HTMLElement {
  const provenance = JSON.stringify(readProvenance(table), null, 2);
  return h(
    "div",
    {},
    tableView(table, {title: name, rows}),
    h(
      "details",
      {},
      h("summary", {}, "What made it (in the schema's metadata)"),
      h("pre", {tabindex: 0, role: "region", "aria-label": "What made the table"}, provenance)
    )
  );
}
