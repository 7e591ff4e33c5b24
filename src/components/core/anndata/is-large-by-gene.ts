import type {AnnData} from "./anndata.js";
import {wholeUpTo} from "./describe-matrix.js";
import type {MatrixInfo} from "./matrix-info.js";
import {takesTooMuch} from "./takes-too-much.js";

/** True for a large matrix stored gene by gene, csc or dense: a sample of its rows takes all of it, so no figure is worth that. */
export function isLargeByGene(anndata: AnnData, matrix: MatrixInfo): boolean {
  return (matrix.encoding === "csc" && matrix.stored > wholeUpTo) || takesTooMuch(anndata, matrix);
}
