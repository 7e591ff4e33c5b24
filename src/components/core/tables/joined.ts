import {Schema, Table} from "apache-arrow";
import {WorkbookError} from "../errors.js";
import {obsTableColumn, type ObsColumn} from "./cells.js";
import {tableOf} from "./columns.js";
import {readProvenance, withProvenance} from "./provenance.js";

/** What is put beside the vectors; every part has the cells of the embeddings table, in its order. */
export interface JoinedParts {
  embeddings: Table;
  /** A umap table. */
  map?: Table;
  /** Columns of the file's obs. */
  obs?: readonly ObsColumn[];
  /** Columns that were made of the vectors, with what made them as metadata. */
  made?: readonly ObsColumn[];
  texts?: Readonly<Record<string, string>>;
  /** Columns wanted, by name, in their order; all if left out. */
  columns?: readonly string[];
}

/**
 * One table of the cells: row, cell_id, status, n_tokens, then x and y, then the file's columns as `obs:NAME`, those that were made by their names, then embedding;
 * or the `columns` that are asked for. The data are not copied. Its provenance is that of the last stage. Throws a WorkbookError of
 * domain "usage" ("no-such-column") that lists what there is.
 */
export function joinedTable({embeddings, map, obs = [], made = [], texts = {}, columns}: JoinedParts): Table {
  let joined = embeddings;
  if (map !== undefined) joined = joined.assign(map.select(["x", "y"]));
  const added = [
    ...obs.map((column, i) => obsTableColumn(column, i)),
    ...made.map((column, i) => obsTableColumn(column, obs.length + i, ""))
  ];
  if (added.length > 0) joined = joined.assign(tableOf(added, new Map()));
  const names = joined.schema.fields.map(({name}) => String(name));
  const ordered = [...names.filter((name) => name !== "embedding"), "embedding"];
  const missing = columns?.find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw new WorkbookError({
      domain: "usage",
      code: "no-such-column",
      fault: `there is no column "${missing}"`,
      remedy: `choose from ${ordered.join(", ")}`
    });
  }
  const chosen = joined.select([...(columns ?? ordered)]);
  const provenance = readProvenance(map ?? embeddings);
  const told = provenance === null ? chosen : withProvenance(chosen, provenance);
  const said = Object.entries(texts).map(([name, text]) => [`uce-workbook-${name}`, text] as const);
  if (said.length === 0) return told;
  return new Table(new Schema(told.schema.fields, new Map([...told.schema.metadata, ...said])), told.batches);
}
