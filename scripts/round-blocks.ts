// Ways of rounding to 4 bits that measure-storage.ts compares; what the workbook stores is core/model/quantize4.ts.
import type {GraphTensor} from "../src/components/core/convert/graph-tensors.js";

/**
 * "largest": steps of the largest magnitude / 7, from -7 to 7. "signed": of the largest magnitude / 8 to its own side, from -8 to 7. "signed-least": of that and nine
 * others, of both signs and down to 0.8 of it, the one with the least squared error. "unsigned": 15 steps from the least number to the largest, with a zero of their own.
 */
export type Rounding = "largest" | "signed" | "signed-least" | "unsigned";

/** The numbers of a matrix, along its inputs, or of a table, along its rows, that blocks of 4 bits stand for. */
export function roundBlocks({values, shape, kind}: GraphTensor, block: number, way: Rounding): Float32Array {
  const result = new Float32Array(values.length);
  const [rows, columns] = shape;
  const [count, inner, step, across] = kind === "matrix" ? [columns, rows, columns, 1] : [rows, columns, 1, columns];
  const part = new Float64Array(block);
  for (let line = 0; line < count; ++line) {
    for (let from = 0; from < inner; from += block) {
      const at = (j: number) => line * across + (from + j) * step;
      for (let j = 0; j < block; ++j) part[j] = values[at(j)];
      const made = roundBlock(part, way);
      for (let j = 0; j < block; ++j) result[at(j)] = made[j];
    }
  }
  return result;
}

function roundBlock(part: Float64Array, way: Rounding): Float64Array {
  const [low, high] = [Math.min(0, ...part), Math.max(0, ...part)];
  const extreme = high >= -low ? high : low;
  if (extreme === 0) return part;
  if (way === "unsigned") {
    const step = (high - low) / 15;
    const zero = Math.round(-low / step);
    return part.map((value) => (Math.max(0, Math.min(15, Math.round(value / step) + zero)) - zero) * step);
  }
  const steps =
    way === "largest"
      ? [Math.abs(extreme) / 7]
      : way === "signed"
        ? [extreme / -8]
        : [1, 0.95, 0.9, 0.85, 0.8].flatMap((share) => [(share * extreme) / -8, (share * extreme) / 8]);
  const least = way === "largest" ? -7 : -8;
  const tries = steps.map((step) => part.map((value) => Math.max(least, Math.min(7, Math.round(value / step))) * step));
  const error = (made: Float64Array) => made.reduce((sum, value, j) => sum + (value - part[j]) ** 2, 0);
  return tries.reduce((best, made) => (error(made) < error(best) ? made : best));
}
