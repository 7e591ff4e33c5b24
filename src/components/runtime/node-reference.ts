import {stat} from "node:fs/promises";
import {basename} from "node:path";
import {folderBundle} from "../adapters/node-files.js";
import {labelColumns} from "../core/pipeline/labeled-cells.js";
import {labelReference, type LabelReference} from "../core/reference/label-reference.js";
import {makeReference} from "../core/pipeline/make-reference.js";
import {bundleOfFiles} from "../core/reference/reference-files.js";
import {WorkbookError} from "../core/errors.js";
import {withLabeledCells} from "./with-labeled-cells.js";

/**
 * A reference for `label`: the folder that the command reference wrote, or embedded cells with labels (an h5ad with X_uce, Arrow, Parquet), whose column is `by`; null where there is
 * one alone that groups the cells. Rejects with a WorkbookError: "no-such-column" where the column has to be named.
 */
export async function openReference(
  path: string,
  {by = null, signal}: {by?: string | null; signal?: AbortSignal} = {}
): Promise<LabelReference> {
  const entry = await stat(path).catch(() => null);
  if (entry?.isDirectory()) return labelReference(folderBundle(path), signal);
  const name = basename(path);
  const files = await withLabeledCells(path, async (cells) => {
    const columns = labelColumns(cells).map((column) => column.name);
    const column = by ?? (columns.length === 1 ? columns[0] : null);
    if (column === null) throw whichColumn(name, columns);
    return makeReference(cells, [column], {name, license: "", citation: "", note: ""}, {signal, layOut: 20_000});
  });
  return labelReference(bundleOfFiles(name, files), signal);
}

function whichColumn(name: string, columns: readonly string[]): WorkbookError {
  const has = columns.length === 0 ? "no column that groups its cells" : `columns ${columns.slice(0, 12).join(", ")}`;
  const remedy = columns.length === 0 ? "give a file whose cells have labels" : "name the labels: {by: NAME}";
  return new WorkbookError({domain: "table", code: "no-such-column", fault: `${name} has ${has}`, remedy});
}
