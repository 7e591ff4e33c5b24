import type {CsrBlock} from "../types.js";
import type {Features} from "./features.js";

/** A block of all stored columns without the features that are not genes: columns become positions among the genes. */
export function geneBlock(block: CsrBlock, {genes, kindOf}: Features): CsrBlock {
  if (genes === null || kindOf === null) return block;
  const placeOf = new Int32Array(kindOf.length).fill(-1);
  genes.forEach((column, place) => (placeOf[column] = place));
  const indptr = new Int32Array(block.indptr.length);
  const indices = new Int32Array(block.indices.length);
  const values = block.values.slice();
  let kept = 0;
  for (let i = 0; i < block.rows.length; i++) {
    for (let k = block.indptr[i]; k < block.indptr[i + 1]; k++) {
      const place = placeOf[block.indices[k]];
      if (place < 0) continue;
      indices[kept] = place;
      values[kept++] = block.values[k];
    }
    indptr[i + 1] = kept;
  }
  return {
    rows: block.rows,
    nCols: genes.length,
    indptr,
    indices: indices.slice(0, kept),
    values: values.slice(0, kept)
  };
}
