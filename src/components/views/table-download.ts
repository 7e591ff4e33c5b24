import type {Table} from "apache-arrow";
import {tableToCsv} from "../core/tables/csv.js";
import {tableToFileBytes} from "../core/tables/file.js";
import {readProvenance} from "../core/tables/provenance.js";
import {h, setText} from "./dom.js";
import {download} from "./download.js";
import {tableView} from "./table-view.js";

/** First rows of a stage's table, downloads of all of it (Arrow's file format, CSV), and what made it. */
export function tableDownload(table: Table, {name, rows = 6}: {name: string; rows?: number}): HTMLElement {
  const said = h("span", {class: "wb-small", role: "status"});
  const save = (label: string, act: () => Promise<void>) =>
    h(
      "button",
      {
        type: "button",
        class: "wb-button wb-button-small",
        onclick: () =>
          act().then(
            () => setText(said, ""),
            () => setText(said, "This browser has no room for the download: close other tabs, or choose fewer cells.")
          )
      },
      label
    );
  const actions = [
    said,
    save("Download (Arrow)", async () => download(`${name}.arrow`, [tableToFileBytes(table)])),
    save("Download (CSV)", async () => download(`${name}.csv`, await csvParts(table)))
  ];
  const provenance = JSON.stringify(readProvenance(table), null, 2);
  return h(
    "div",
    {},
    tableView(table, {title: name, rows, actions}),
    h(
      "details",
      {},
      h("summary", {}, "What made it (in the schema's metadata)"),
      h("pre", {tabindex: 0, role: "region", "aria-label": "What made the table"}, provenance)
    )
  );
}

/** The table as CSV in parts of some rows, so that neither the page nor one string has to hold all of it at once. */
async function csvParts(table: Table): Promise<string[]> {
  const parts: string[] = [];
  for (let from = 0; from < Math.max(1, table.numRows); from += 500) {
    const text = tableToCsv(table.slice(from, from + 500));
    parts.push(from === 0 ? text : text.slice(text.indexOf("\r\n") + 2));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return parts;
}
