import type {AnnData} from "./anndata.js";
import {describeMatrix} from "./describe-matrix.js";
import type {MatrixInfo} from "./matrix-info.js";

/**
 * True for a matrix whose values may have fractions (it is of a floating type) and are counts all the same: they are rounded
 * where they are read (`roundedBlock`). Looks at the matrix, once a file. Throws what describeMatrix throws.
 */
export async function hasRoundedCounts(
  anndata: AnnData,
  {name, dtype}: MatrixInfo,
  signal?: AbortSignal
): Promise<boolean> {
  return /float/.test(dtype) && (await describeMatrix(anndata, name, {signal})).verdict === "counts";
}
