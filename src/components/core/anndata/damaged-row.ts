import {WorkbookError} from "../errors.js";
import type {MatrixInfo} from "./matrix-info.js";

/** Throws a WorkbookError (domain "anndata", code "damaged-matrix"): entry `at` of a csc matrix lies in row `row`. */
export function throwDamagedRow(file: string, matrix: MatrixInfo, at: number, row: number): never {
  throw new WorkbookError({
    domain: "anndata",
    code: "damaged-matrix",
    place: `${matrix.place}/indices`,
    fault: `matrix ${matrix.name} of ${file} is damaged: entry ${at} lies in row ${row} of ${matrix.nRows}`,
    remedy: "write the file again with anndata's write_h5ad"
  });
}
