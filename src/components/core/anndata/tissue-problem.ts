import type {TrainingSet} from "../cells/seen-cells.js";
import {unseenTissues} from "../cells/unseen-tissues.js";
import type {AnnData} from "./anndata.js";
import {columnAsText} from "./column.js";
import {orFault} from "./part-fault.js";
import type {Problem} from "./problem.js";

/** Columns of obs that name a cell's tissue, the first that is there is read (CELLxGENE's, and plain ones). */
const tissueColumns = ["tissue", "tissue_general", "tissue_type", "organ"];

/**
 * The remark ("unseen-tissue") on a file with cells of tissues that no training set of the model is of, by what the sets say; null where
 * they do not say it, where the file names no tissue, or where all were seen.
 */
export function tissueProblem(anndata: AnnData, sets: readonly TrainingSet[]): Problem | null {
  if (sets.length === 0 || sets.some(({tissue}) => tissue === undefined)) return null;
  const columns = anndata.columns("obs");
  const column = tissueColumns.map((name) => columns.find((one) => one.name.toLowerCase() === name)).find(Boolean);
  if (column === undefined) return null;
  const values = orFault(() => columnAsText(anndata.column("obs", column.name)), []);
  const found = unseenTissues(values, sets);
  if (found === null) return null;
  const {tissues, cells, seen} = found;
  const list = `${tissues.slice(0, 4).join(", ")}${tissues.length > 4 ? ", ..." : ""}`;
  const many =
    cells === 1 ? "1 cell is" : `${cells.toLocaleString("en-US")} of ${anndata.nObs.toLocaleString("en-US")} cells are`;
  return {
    code: "unseen-tissue",
    severity: "info",
    place: `/obs/${column.name}`,
    message: `${many} of tissues that the model was not trained on (${list}; it was trained on ${seen.join(", ")})`,
    remedy: "compare its scores with those of principal components before you trust its map of them"
  };
}
