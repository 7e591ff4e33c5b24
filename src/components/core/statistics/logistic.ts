/** A logistic model: probability = 1 / (1 + exp(-(weights[0] + weights[1] x1 + ...))). */
export interface Logistic {
  /** The constant, then a weight a feature. */
  weights: Float64Array;
}

/** Ridge on the weights of features (not on the constant): keeps them finite where two classes are separated. */
const ridge = 1e-2;
const rounds = 50;

/**
 * Logistic regression of `isTrue` (0 or 1, a value a case) on `features` (cases x width, row-major), each case counted with its weight, by Newton's
 * method with a ridge of 0.01 on standardized features. Where all cases are of one kind, their (smoothed) share is the constant.
 */
export function fitLogistic(
  features: Float64Array,
  width: number,
  isTrue: Uint8Array,
  caseWeights: Float64Array
): Logistic {
  const {means, scales, size} = standards(features, width, caseWeights);
  const d = width + 1;
  const weights = new Float64Array(d);
  const x = new Float64Array(d);
  for (let round = 0; round < rounds; round += 1) {
    const gradient = new Float64Array(d);
    const hessian = new Float64Array(d * d);
    for (let j = 1; j < d; j += 1) {
      gradient[j] = -ridge * size * weights[j];
      hessian[j * d + j] = ridge * size;
    }
    hessian[0] = 1e-9;
    for (let i = 0; i < isTrue.length; i += 1) {
      x[0] = 1;
      for (let j = 0; j < width; j += 1) x[j + 1] = (features[i * width + j] - means[j]) / scales[j];
      const p = sigmoid(x.reduce((sum, value, j) => sum + value * weights[j], 0));
      const w = caseWeights[i];
      for (let j = 0; j < d; j += 1) {
        gradient[j] += w * (isTrue[i] - p) * x[j];
        for (let l = 0; l < d; l += 1) hessian[j * d + l] += w * p * (1 - p) * x[j] * x[l];
      }
    }
    const step = solve(hessian, gradient, d);
    const longest = step.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const shorter = longest > 4 ? 4 / longest : 1;
    for (let j = 0; j < d; j += 1) weights[j] = Math.max(-20, Math.min(20, weights[j] + shorter * step[j]));
    if (longest < 1e-10) break;
  }
  const plain = new Float64Array(d);
  plain[0] = weights[0];
  for (let j = 0; j < width; j += 1) {
    plain[j + 1] = weights[j + 1] / scales[j];
    plain[0] -= plain[j + 1] * means[j];
  }
  return {weights: plain};
}

/** The probability of a case by its features, `width` of them from `at` on. */
export function logisticProbability({weights}: Logistic, features: Float64Array, at: number): number {
  let sum = weights[0];
  for (let j = 1; j < weights.length; j += 1) sum += weights[j] * features[at + j - 1];
  return sigmoid(sum);
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function standards(features: Float64Array, width: number, caseWeights: Float64Array) {
  const means = new Float64Array(width);
  const scales = new Float64Array(width);
  const size = caseWeights.reduce((sum, weight) => sum + weight, 0);
  caseWeights.forEach((weight, i) => {
    for (let j = 0; j < width; j += 1) means[j] += (weight * features[i * width + j]) / size;
  });
  caseWeights.forEach((weight, i) => {
    for (let j = 0; j < width; j += 1) scales[j] += (weight * (features[i * width + j] - means[j]) ** 2) / size;
  });
  return {means, scales: scales.map((variance) => Math.sqrt(variance) || 1), size};
}

/** Solves a small symmetric positive definite system by Gaussian elimination with pivots. */
function solve(matrix: Float64Array, right: Float64Array, d: number): Float64Array {
  const a = matrix.slice();
  const b = right.slice();
  for (let column = 0; column < d; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < d; row += 1)
      if (Math.abs(a[row * d + column]) > Math.abs(a[pivot * d + column])) pivot = row;
    for (let j = 0; j < d; j += 1) [a[column * d + j], a[pivot * d + j]] = [a[pivot * d + j], a[column * d + j]];
    [b[column], b[pivot]] = [b[pivot], b[column]];
    for (let row = column + 1; row < d; row += 1) {
      const factor = a[row * d + column] / a[column * d + column];
      for (let j = column; j < d; j += 1) a[row * d + j] -= factor * a[column * d + j];
      b[row] -= factor * b[column];
    }
  }
  for (let row = d - 1; row >= 0; row -= 1) {
    for (let j = row + 1; j < d; j += 1) b[row] -= a[row * d + j] * b[j];
    b[row] /= a[row * d + row];
  }
  return b;
}
