import type {Architecture} from "../model/bundle.js";
import type {Arithmetic} from "./kernel.js";

/** True if the kernels' tiles divide a model of this shape: widths by 64, heads of 16, 32, 64 or 128 numbers (matrix units: at most 64). */
export function canCompute({width, heads, feedForward, outputWidth}: Architecture, arithmetic: Arithmetic): boolean {
  const size = width / heads;
  const sizes = arithmetic === "matrix" ? [16, 32, 64] : [16, 32, 64, 128];
  return width % 64 === 0 && feedForward % 64 === 0 && outputWidth % 32 === 0 && sizes.includes(size);
}
