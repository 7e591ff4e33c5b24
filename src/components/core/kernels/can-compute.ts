import type {Architecture} from "../model/bundle.js";
import type {Arithmetic} from "./kernel.js";

/** True if the kernels' tiles divide a model of this shape: widths by 64, heads of 16, 32, 64 or 128 numbers (matrix units: at most 64). */
export function canCompute({width, heads, feedForward, output}: Architecture, arithmetic: Arithmetic): boolean {
  const size = width / heads;
  const sizes = arithmetic === "matrix" ? [16, 32, 64] : [16, 32, 64, 128];
  const divides = width % 64 === 0 && feedForward % 64 === 0 && output.every((block) => block.width % 32 === 0);
  return divides && sizes.includes(size);
}
