import type {AnnData} from "../anndata/anndata.js";
import {WorkbookError} from "../errors.js";
import {obsColumns} from "../pipeline/obs-columns.js";
import type {ObsColumn} from "../tables/cells.js";
import {matchCells} from "../tables/match-cells.js";
import {readFullText} from "../tables/read-columns.js";
import type {Results} from "./results.js";

/**
 * The obs columns of a file for the cells of some results, matched by name; `skipped` are columns that could not be read. Every cell must be
 * there: throws a WorkbookError of domain "table", code "other-cells", or as `matchCells` does.
 */
export function columnsForCells(
  anndata: AnnData,
  {name, embeddings}: Results
): {columns: ObsColumn[]; skipped: {name: string; why: string}[]} {
  const cellIds = readFullText(embeddings, "cell_id");
  const rows = matchCells({name, cellIds}, {name: anndata.name, cellIds: anndata.obsNames()});
  const missing = rows.indexOf(-1);
  if (missing < 0) return obsColumns(anndata, rows);
  throw new WorkbookError({
    domain: "table",
    code: "other-cells",
    fault: `${anndata.name} has no cell "${cellIds[missing]}", which ${name} has`,
    remedy: "give the file that was embedded, or leave --obs out"
  });
}
