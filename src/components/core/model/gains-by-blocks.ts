import type {Precision} from "../types.js";
import type {Architecture} from "./bundle.js";

/** Narrower models spend most of their time in attention, which stays in float32: the model that comes with the workbook would gain a sixth, for errors a hundred times as large. */
const narrowest = 256;
/** Errors grow with layers: 4e-4 with 8 of them, 2e-3 with 33, where float32 may have 1e-3. */
const deepest = 12;

/** True for a model that our own functions multiply in 8-bit blocks as they are stored, on a machine that is faster so (docs/processor.md): 256 wide at least, at most 12 layers. */
export function gainsByBlocks({width, layers}: Pick<Architecture, "width" | "layers">, storage: Precision): boolean {
  return (storage === "int8" || storage === "int4") && width >= narrowest && layers <= deepest;
}
