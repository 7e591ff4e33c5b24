import {basename, resolve} from "node:path";
import {h5adAdditions} from "../../core/away/h5ad-additions.js";
import {addedNames} from "../../core/away/h5ad-place.js";
import {requireThisFile} from "../../core/away/require-this-file.js";
import type {Exported, Results} from "../../core/away/results.js";
import {readFullText} from "../../core/tables/read-columns.js";
import {placeInFile, writeH5ad} from "../node-h5ad.js";
import {openNodeSource, type NodeSource} from "../node-source.js";
import {software} from "../software.js";
import type {CommandContext} from "./context.js";

/** Writes an h5ad with the vectors in obsm: a copy of `--into`, or names of cells alone. Cells without a vector are NaN. */
export async function exportH5ad(
  results: Results,
  options: Record<string, string>,
  {progress}: CommandContext
): Promise<Exported> {
  const {out, into, "other-file": other} = options;
  const names = addedNames(options["key"] ?? "X_uce", results.map !== undefined);
  let source: NodeSource | undefined;
  try {
    source = into === undefined ? undefined : await openNodeSource(into);
    if (source !== undefined && other === undefined)
      requireThisFile(results, {name: basename(into), path: resolve(into), identity: source.identity});
    const place =
      into === undefined
        ? {root: "", obsNames: readFullText(results.embeddings, "cell_id"), obsColumns: []}
        : await placeInFile(into, names);
    const where = {...place, name: basename(into ?? out)};
    const {additions, without, notes} = h5adAdditions(results, where, names, software);
    notes.forEach((note) => progress.note(note));
    await writeH5ad(out, into ?? null, additions, place.obsNames, source?.requireUnchanged);
    const columns = [...names.arrays.map((name) => `obsm/${name}`), `uns/${names.texts}`];
    return {cells: additions.nObs, without, columns};
  } finally {
    await source?.close();
  }
}
