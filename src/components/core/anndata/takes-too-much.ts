import type {AnnData} from "./anndata.js";
import type {MatrixInfo} from "./matrix-info.js";
import {hasTallChunks} from "./stream-dense.js";

/** Bytes of a dense matrix that may be unpacked to look at a sample of its rows. */
const largestLook = 512 * 1024 * 1024;

/** True for a dense matrix of which a sample of rows would take more of its chunks than can be unpacked in a moment. */
export function takesTooMuch({reader}: AnnData, info: MatrixInfo): boolean {
  const node = reader.node(info.place);
  if (info.encoding !== "dense" || node?.kind !== "dataset" || !hasTallChunks(info, node)) return false;
  const bands = Math.min(2, Math.ceil(info.nRows / node.chunks![0]));
  return bands * Math.min(node.chunks![0], info.nRows) * info.storedCols * node.dtype.size > largestLook;
}
