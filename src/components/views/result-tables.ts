import type {Table} from "apache-arrow";
import {tableToFileBytes} from "../core/tables/file.js";
import type {TableName} from "../core/pipeline/events.js";
import {extend, h} from "./dom.js";
import {download} from "./download.js";
import {formatCount} from "./format.js";
import {tableView} from "./table-view.js";

/** The tables of a run, folded up, each with its first rows and a download. */
export type ResultTables = HTMLElement & {
  /** Shows these tables in place of the ones before; one that is the same stays as it is. */
  update(tables: ReadonlyMap<TableName, Table>): void;
};

/** No tables yet. */
export function resultTables(): ResultTables {
  const words = h(
    "p",
    {class: "wb-small", hidden: true},
    "The results of the stages, as Arrow tables to look at and to download:"
  );
  const element = h("div", {class: "wb-tables"}, words);
  const folds = new Map<TableName, {table: Table; fold: HTMLElement}>();
  return extend(element, {
    update(tables: ReadonlyMap<TableName, Table>) {
      for (const [name, {table, fold}] of folds) {
        if (tables.get(name) === table) continue;
        fold.remove();
        folds.delete(name);
      }
      for (const [name, table] of tables) {
        if (folds.has(name)) continue;
        const fold = tableFold(name, table);
        folds.set(name, {table, fold});
        element.append(fold);
      }
      words.hidden = folds.size === 0;
    }
  });
}

function tableFold(name: TableName, table: Table): HTMLElement {
  const save = h(
    "button",
    {
      type: "button",
      class: "wb-button wb-button-small",
      onclick: () => download(`${name}.arrow`, [tableToFileBytes(table)])
    },
    "Download (Arrow)"
  );
  const fold = h("details", {}, h("summary", {}, `Table ${name}: ${formatCount(table.numRows, "row")}`));
  fold.addEventListener("toggle", () => fold.append(tableView(table, {title: name, actions: [save]})), {once: true});
  return fold;
}
