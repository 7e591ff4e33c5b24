/** The transpose of a row-major matrix of `rows` x `columns`. */
export function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(matrix.length);
  for (let row = 0; row < rows; ++row) {
    for (let column = 0; column < columns; ++column) turned[column * rows + row] = matrix[row * columns + column];
  }
  return turned;
}
