import {basename} from "node:path";
import type {AnnData} from "../../core/anndata/anndata.js";
import {columnAsText} from "../../core/anndata/column.js";
import {labelClasses, type LabelClasses} from "../../core/pipeline/label-classes.js";
import {matchCells} from "../../core/tables/match-cells.js";
import {readFullText, readText} from "../../core/tables/read-columns.js";
import {usage} from "./arguments.js";
import {readTable} from "./read-table.js";

/** Columns of a table that group cells, in the order in which they are looked for. */
const groupColumns = ["cluster", "label"];
const mostGroups = 500;

/**
 * Groups of the file's cells, a code a row: of `obs:NAME` a column of the file; otherwise of a table with cell_id and cluster or label, matched by name (cells
 * that the table lacks have no group). Throws a usage error for a table without such a column, and what reading and `labelClasses` throw.
 */
export async function groupsOf(asked: string, anndata: AnnData): Promise<LabelClasses> {
  if (asked.startsWith("obs:")) return columnGroups(anndata, asked.slice(4));
  const table = await readTable(asked);
  const name = groupColumns.find((column) => table.getChild(column) !== null);
  if (name === undefined || table.getChild("cell_id") === null)
    throw usage(
      "bad-option",
      `${basename(asked)} has no column cell_id with cluster or label`,
      "give a table that cluster or label wrote, or obs:NAME for a column of the file"
    );
  const values = readText(table, name);
  const cellIds = readFullText(table, "cell_id");
  const places = matchCells({name: anndata.name, cellIds: anndata.obsNames()}, {name: basename(asked), cellIds});
  const texts = Array.from(places, (place) => (place < 0 ? null : values[place]));
  return labelClasses(`${name} of ${basename(asked)}`, texts, mostGroups);
}

/** Groups of the file's cells by a column of its obs. Throws what reading and `labelClasses` throw. */
export function columnGroups(anndata: AnnData, name: string): LabelClasses {
  return labelClasses(name, columnAsText(anndata.column("obs", name)), mostGroups);
}
