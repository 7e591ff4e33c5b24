import {matrixChunks} from "./matrix-chunks.js";
import type {MatrixSite} from "./processor-layout.js";

/** Writes a matrix (inputs x outputs, row-major) to its place in `numbers`, the whole memory as float32. Empty columns are left as they are: zeros of fresh memory. */
export function packMatrix(values: Float32Array, site: MatrixSite, numbers: Float32Array): void {
  const {at, inputs, outputs, group, groupColumns, columns} = site;
  for (const {from, depth} of matrixChunks(inputs)) {
    const chunk = at / 4 + from * columns;
    for (let i = 0; i < depth; ++i) {
      const row = (from + i) * outputs;
      for (let j = 0; j < outputs; ++j) {
        const column = group === outputs ? j : Math.floor(j / group) * groupColumns + (j % group);
        numbers[chunk + (column >> 3) * 8 * depth + 8 * i + (column & 7)] = values[row + j];
      }
    }
  }
}
