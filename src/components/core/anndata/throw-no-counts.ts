import {WorkbookError} from "../errors.js";
import type {AnnData} from "./anndata.js";
import type {MatrixChoice} from "./choose-matrix.js";
import {noCountsRemedy} from "./no-counts-remedy.js";
import {notRecoverable} from "./not-recoverable.js";
import {recoveredFrom} from "./recovered-matrix.js";
import {listWhyNot} from "./why-not.js";

/** Throws the WorkbookError (domain "matrix", code "no-counts", "no-x" or "not-recoverable") that says of each candidate why it is not counts, and how to get them. */
export function throwNoCounts(anndata: AnnData, choice: MatrixChoice): never {
  const {candidates} = choice;
  const [first] = candidates;
  if (first !== undefined && recoveredFrom(first.name) !== null) {
    throw new WorkbookError({domain: "matrix", ...notRecoverable(first, `${first.name} of ${anndata.name}`)});
  }
  throw new WorkbookError({
    domain: "matrix",
    code: candidates.length === 0 ? "no-x" : "no-counts",
    fault:
      candidates.length === 0
        ? `${anndata.name} has no matrix: no X, no raw/X, no layers`
        : `${anndata.name} holds no counts: ${listWhyNot(candidates)}`,
    remedy: noCountsRemedy(choice)
  });
}
