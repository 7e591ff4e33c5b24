import type {Architecture} from "../model/bundle.js";

/** True if the functions of this folder can compute a model of this shape: widths in whole panels of 8 columns, and heads of a multiple of 4 numbers. */
export function canProcess({width, heads, feedForward, output}: Architecture): boolean {
  const panels = [width, feedForward, ...output.map((block) => block.width)].every((size) => size % 8 === 0);
  return panels && width % heads === 0 && (width / heads) % 4 === 0;
}
