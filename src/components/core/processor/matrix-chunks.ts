/** Rows of a matrix that are multiplied at a time: a panel of them stays in the fastest cache, and no sum is longer. */
const deepest = 512;

/** The chunks of a matrix of so many rows: first row, rows. Each lies as a whole, panel after panel, behind the one before. */
export function matrixChunks(inputs: number): {from: number; depth: number}[] {
  const count = Math.ceil(inputs / deepest);
  const depth = 8 * Math.ceil(inputs / count / 8);
  return Array.from({length: count}, (_, i) => ({from: i * depth, depth: Math.min(depth, inputs - i * depth)}));
}
