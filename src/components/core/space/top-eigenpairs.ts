import {dot} from "../vectors/dot.js";
import {WorkbookError} from "../errors.js";
import {createRandom, type SeededRandom} from "../random.js";
import {symmetricEigen} from "./symmetric-eigen.js";

/** The largest eigenvalues, largest first, and their orthonormal eigenvectors. */
export interface EigenPairs {
  values: Float64Array;
  vectors: Float64Array[];
}

/** Options of `topEigenpairs`. */
export interface EigenOptions {
  seed?: number;
  /** Largest residual |A v - lambda v| against the largest eigenvalue (default 1e-9). */
  tolerance?: number;
  /** Vectors that `apply` is given at a time (default 4: what matrices.ts multiplies by at once). */
  block?: number;
}

/**
 * The `count` largest eigenpairs of a symmetric positive semidefinite operator of `size` rows that is known only by
 * `apply`: a block Krylov space with full orthogonalisation, restarted around its best vectors (thick restart; Wu and
 * Simon 2000, in the block form). Deterministic for a seed. Throws a WorkbookError if 300 restarts do not get there.
 */
export async function topEigenpairs(
  size: number,
  count: number,
  apply: (block: Float64Array[]) => Promise<Float64Array[]>,
  options: EigenOptions = {}
): Promise<EigenPairs> {
  const {seed = 0, tolerance = 1e-9, block = 4} = options;
  const random = createRandom(seed);
  const wanted = Math.min(count, size);
  const kept = Math.min(wanted + block, size);
  const largest = Math.min(size, Math.max(3 * kept, kept + 10 * block));
  let basis: Float64Array[] = [];
  let images: Float64Array[] = []; // apply(basis)
  let next = Array.from({length: Math.min(block, size)}, () => randomVector(size, random));
  for (let restart = 0; restart < 300; restart += 1) {
    while (basis.length < largest) {
      const fresh = orthonormal(next, basis, Math.min(block, largest - basis.length), random);
      basis.push(...fresh);
      const image = await apply(fresh);
      images.push(...image);
      next = image.map((vector) => vector.slice());
    }
    const {values, vectors} = symmetricEigen(projected(basis, images), basis.length);
    basis = combine(basis, vectors, kept);
    images = combine(images, vectors, kept);
    const residuals = basis.slice(0, wanted).map((vector, i) => difference(images[i], vector, values[i]));
    const open = residuals.filter((residual) => length(residual) > tolerance * values[0]);
    if (open.length === 0 || largest === size) {
      return {values: values.slice(0, wanted), vectors: basis.slice(0, wanted)};
    }
    next = open.slice(0, block);
  }
  throw new WorkbookError({
    domain: "space",
    code: "not-converged",
    fault: `the ${count} leading components of a matrix of ${size} rows were not found in 300 rounds`,
    remedy: "ask for fewer components"
  });
}

/**
 * `most` vectors orthonormal to `basis` and each other: of `candidates`, which are changed, and random ones where these are too few or vanish. Four
 * are cleared of the basis together, twice, so that it is read once for all of them.
 */
function orthonormal(
  candidates: Float64Array[],
  basis: readonly Float64Array[],
  most: number,
  random: SeededRandom
): Float64Array[] {
  const some = candidates.slice(0, most);
  const size = (basis[0] ?? some[0]).length;
  while (some.length < most) some.push(randomVector(size, random));
  const together = some.length === 4;
  for (let pass = 0; together && pass < 2; pass += 1) {
    some.forEach((vector, i) => {
      const left = length(vector);
      if (left > 1e-10) scale(vector, 1 / left);
      else some[i] = randomVector(size, random);
    });
    for (const other of basis) takeFourOut(some, other);
  }
  const fresh: Float64Array[] = [];
  for (let vector of some) {
    // What is mostly along the others brings their rounding with it: such a one is cleared of everything again.
    const isClear = together && unit(vector) && takeOut(vector, fresh) > 0.5 && unit(vector);
    while (!isClear && !clear(vector, [...basis, ...fresh])) vector = randomVector(size, random);
    fresh.push(vector);
  }
  return fresh;
}

/** Takes everything along the unit vector `other` out of four vectors. */
function takeFourOut([a, b, c, d]: readonly Float64Array[], other: Float64Array): void {
  let [ofA, ofB, ofC, ofD] = [0, 0, 0, 0];
  for (let i = 0; i < other.length; i += 1) {
    const value = other[i];
    ofA += a[i] * value;
    ofB += b[i] * value;
    ofC += c[i] * value;
    ofD += d[i] * value;
  }
  for (let i = 0; i < other.length; i += 1) {
    const value = other[i];
    a[i] -= ofA * value;
    b[i] -= ofB * value;
    c[i] -= ofC * value;
    d[i] -= ofD * value;
  }
}

/** Takes everything along `basis` out of `vector` and scales it to length 1; false if next to nothing is left. */
function clear(vector: Float64Array, basis: readonly Float64Array[]): boolean {
  if (!unit(vector)) return false;
  for (let pass = 0; pass < 2; pass += 1) if (takeOut(vector, basis) < 1e-10 || !unit(vector)) return false;
  return true;
}

/** Takes everything along the unit vectors `others` out of `vector`; the length that is left. */
function takeOut(vector: Float64Array, others: readonly Float64Array[]): number {
  for (const other of others) subtract(vector, other, dot(vector, other));
  return length(vector);
}

/** Scales a vector to length 1; false if it has none. */
function unit(vector: Float64Array): boolean {
  const before = length(vector);
  if (!(before > 0)) return false;
  scale(vector, 1 / before);
  return true;
}

function projected(basis: readonly Float64Array[], images: readonly Float64Array[]): Float64Array {
  const size = basis.length;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) for (let j = i; j < size; j += 1) matrix[i * size + j] = dot(basis[i], images[j]);
  return matrix;
}

function combine(vectors: readonly Float64Array[], rows: Float64Array, count: number): Float64Array[] {
  return Array.from({length: count}, (_, i) => {
    const sum = new Float64Array(vectors[0].length);
    vectors.forEach((vector, j) => subtract(sum, vector, -rows[i * vectors.length + j]));
    return sum;
  });
}

function difference(image: Float64Array, vector: Float64Array, value: number): Float64Array {
  const residual = image.slice();
  subtract(residual, vector, value);
  return residual;
}

function randomVector(size: number, random: SeededRandom): Float64Array {
  return Float64Array.from({length: size}, () => random.normal());
}

function subtract(target: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i += 1) target[i] -= factor * other[i];
}

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i += 1) vector[i] *= factor;
}

function length(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}
