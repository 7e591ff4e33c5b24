/** Eigenvalues, largest first, and the eigenvector of each as row `i` of `vectors` (size x size, row-major). */
export interface SymmetricEigen {
  values: Float64Array;
  vectors: Float64Array;
}

/**
 * All eigenpairs of a small symmetric matrix (row-major, size x size; its upper triangle is read), by cyclic Jacobi
 * rotations (Golub and Van Loan, Matrix Computations, 8.5): slow beyond a few hundred rows, exact to the last digits.
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const a = matrix.slice();
  for (let i = 0; i < size; i += 1) for (let j = 0; j < i; j += 1) a[i * size + j] = a[j * size + i];
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) v[i * size + i] = 1;
  const scale = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  for (let sweep = 0; sweep < 60 && offDiagonal(a, size) > 1e-15 * scale; sweep += 1) {
    for (let p = 0; p < size - 1; p += 1) {
      for (let q = p + 1; q < size; q += 1) rotate(a, v, size, p, q);
    }
  }
  const order = Array.from({length: size}, (_, i) => i).sort((i, j) => a[j * size + j] - a[i * size + i] || i - j);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => vectors.set(v.subarray(from * size, (from + 1) * size), to * size));
  return {values: Float64Array.from(order, (i) => a[i * size + i]), vectors};
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i += 1) for (let j = i + 1; j < size; j += 1) sum += 2 * a[i * size + j] ** 2;
  return Math.sqrt(sum);
}

/** One rotation in the plane of p and q that makes a[p, q] zero; the rows of v follow. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q];
  if (apq === 0) return;
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turnRows(a, size, p, q, c, s);
  for (let i = 0; i < size; i += 1) {
    const x = a[i * size + p];
    const y = a[i * size + q];
    a[i * size + p] = c * x - s * y;
    a[i * size + q] = s * x + c * y;
  }
  turnRows(v, size, p, q, c, s);
}

function turnRows(m: Float64Array, size: number, p: number, q: number, c: number, s: number): void {
  const rowP = p * size;
  const rowQ = q * size;
  for (let i = 0; i < size; i += 1) {
    const x = m[rowP + i];
    const y = m[rowQ + i];
    m[rowP + i] = c * x - s * y;
    m[rowQ + i] = s * x + c * y;
  }
}
