import {WorkbookError} from "../errors.js";
import {matrixLanes, type FeatureMatrix, type PiecewiseProduct} from "./matrices.js";
import {topEigenpairs} from "./top-eigenpairs.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";

/** Principal components of cells by features. */
export interface PrincipalComponents {
  /** Cells. */
  count: number;
  /** Components found: those asked for, or as many as cells (less one) and features allow. */
  components: number;
  /** count x components, row-major: each cell's coordinates. */
  scores: Float32Array;
  /** components x features, row-major: unit vectors, orthogonal to each other. */
  loadings: Float32Array;
  /** Variance (denominator count - 1) along each component, largest first. */
  variance: Float64Array;
  /** Variance of all features together. */
  totalVariance: number;
}

/** Options of `principalComponents`. */
export interface ComponentOptions extends WorkOptions {
  /** Of the start of the search; the result does not depend on it beyond rounding (default 0). */
  seed?: number;
  /** Largest residual of a component against the largest eigenvalue (default 1e-9). */
  tolerance?: number;
}

/**
 * The leading principal components of `matrix`, its columns centered but not scaled. The centered matrix is never
 * formed: only products with it are taken, on the shorter side. Signs: the loading of largest absolute value is
 * positive. Agrees with a full singular value decomposition to about 1e-6.
 * Throws a WorkbookError if no component was asked for, and the signal's reason when aborted.
 */
export async function principalComponents(
  matrix: FeatureMatrix,
  components: number,
  options: ComponentOptions = {}
): Promise<PrincipalComponents> {
  const {rows, columns} = matrix;
  if (!Number.isInteger(components) || components < 1) {
    throw new WorkbookError({
      domain: "space",
      code: "bad-component-count",
      fault: `${components} principal components were asked for`,
      remedy: "ask for a whole number of at least 1"
    });
  }
  const found = Math.max(0, Math.min(components, rows - 1, columns));
  const denominator = Math.max(rows - 1, 1);
  const means = matrix.sums.map((sum) => (rows > 0 ? sum / rows : 0));
  const ofMeans = means.reduce((sum, mean) => sum + mean * mean, 0);
  const totalVariance = Math.max(0, matrix.squares - rows * ofMeans) / denominator;
  const empty = {count: rows, components: found, variance: new Float64Array(found), totalVariance};
  if (found === 0) return {...empty, scores: new Float32Array(0), loadings: new Float32Array(0)};

  const products = centeredProducts(matrix, means, options);
  const byColumns = columns <= rows;
  const {values, vectors} = await topEigenpairs(
    byColumns ? columns : rows,
    found,
    async (block) => (byColumns ? products.gram(block) : products.times(await products.transposed(block))),
    {seed: options.seed, tolerance: options.tolerance}
  );
  const lengths = values.map((value) => Math.sqrt(Math.max(value, 0)));
  // Below this a component is rounding: its cells have no coordinate along it.
  const least = lengths[0] * 1e-7;
  const other = byColumns ? await products.times(vectors) : await products.transposed(vectors);
  const inverse = (length: number) => (length > least ? 1 / length : 0);
  const features = byColumns ? vectors : other.map((vector, i) => scaled(vector, inverse(lengths[i])));
  const cells = byColumns ? other : vectors.map((vector, i) => scaled(vector, lengths[i]));
  const signs = features.map(signOf);
  const scores = new Float32Array(rows * found);
  const loadings = new Float32Array(found * columns);
  for (let k = 0; k < found; k += 1) {
    for (let j = 0; j < columns; j += 1) loadings[k * columns + j] = signs[k] * features[k][j];
    if (lengths[k] > least) for (let i = 0; i < rows; i += 1) scores[i * found + k] = signs[k] * cells[k][i];
  }
  return {...empty, scores, loadings, variance: values.map((value) => Math.max(value, 0) / denominator)};
}

/** Products with the centered matrix and its transpose, in pieces of rows between which other work may run. */
function centeredProducts(matrix: FeatureMatrix, means: Float64Array, options: WorkOptions) {
  const {rows, columns} = matrix;
  const breathe = createBreath(options);
  const piece = Math.max(1, Math.min(256, Math.floor(2e6 / columns)));
  const done = async ({rows: run, result}: PiecewiseProduct): Promise<Float64Array> => {
    for (let from = 0; from < rows; from += piece) {
      run(from, Math.min(from + piece, rows));
      await breathe(NaN);
    }
    return result();
  };
  /** Products of four vectors at a time. */
  const byLanes = async (
    vectors: readonly Float64Array[],
    multiply: (block: Float64Array) => Promise<Float64Array>
  ): Promise<Float64Array[]> => {
    const found: Float64Array[] = [];
    for (let from = 0; from < vectors.length; from += matrixLanes) {
      const some = vectors.slice(from, from + matrixLanes);
      found.push(...separate(await multiply(interleave(some)), some.length));
    }
    return found;
  };

  /** The centered matrix's means, times the block: what is taken off each row. */
  const shiftOf = (block: Float64Array): Float64Array => {
    const shift = new Float64Array(matrixLanes);
    for (let j = 0; j < columns; j += 1) {
      for (let c = 0; c < matrixLanes; c += 1) shift[c] += means[j] * block[j * matrixLanes + c];
    }
    return shift;
  };
  const withoutMeans = (out: Float64Array, sums: Float64Array): Float64Array => {
    for (let j = 0; j < columns; j += 1) {
      for (let c = 0; c < matrixLanes; c += 1) out[j * matrixLanes + c] -= means[j] * sums[c];
    }
    return out;
  };

  return {
    times: (vectors: readonly Float64Array[]) =>
      byLanes(vectors, async (block) => {
        const shift = shiftOf(block);
        const out = await done(matrix.times(block));
        for (let at = 0; at < out.length; at += 1) out[at] -= shift[at % matrixLanes];
        return out;
      }),
    transposed: (vectors: readonly Float64Array[]) =>
      byLanes(vectors, async (block) => {
        const sums = new Float64Array(matrixLanes);
        for (let at = 0; at < block.length; at += 1) sums[at % matrixLanes] += block[at];
        return withoutMeans(await done(matrix.transposed(block)), sums);
      }),
    /** The transpose times the matrix times the vectors. */
    gram: (vectors: readonly Float64Array[]) =>
      byLanes(vectors, async (block) => {
        const product = matrix.gram(block, shiftOf(block));
        return withoutMeans(await done(product), product.sums);
      })
  };
}

/** Up to four vectors side by side, zeros in the place of others. */
function interleave(vectors: readonly Float64Array[]): Float64Array {
  const block = new Float64Array(vectors[0].length * matrixLanes);
  vectors.forEach((vector, c) => {
    for (let i = 0; i < vector.length; i += 1) block[i * matrixLanes + c] = vector[i];
  });
  return block;
}

function separate(block: Float64Array, count: number): Float64Array[] {
  return Array.from({length: count}, (_, c) => {
    const vector = new Float64Array(block.length / matrixLanes);
    for (let i = 0; i < vector.length; i += 1) vector[i] = block[i * matrixLanes + c];
    return vector;
  });
}

function scaled(vector: Float64Array, factor: number): Float64Array {
  return vector.map((value) => value * factor);
}

function signOf(vector: Float64Array): number {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? -1 : 1;
}
