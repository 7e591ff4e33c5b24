/** Parameters of the curve 1 / (1 + a d^(2b)): how strongly points at distance d on the map belong together. */
export interface LayoutCurve {
  a: number;
  b: number;
}

/**
 * The curve that lies closest, in least squares over 300 distances from 0 to 3 x spread, to 1 up to `minDist` and an
 * exponential decay of scale `spread` beyond: UMAP's own definition. Levenberg-Marquardt, to convergence; agrees with
 * umap-learn to 1e-6. 0 <= minDist <= spread, spread > 0.
 */
export function layoutCurve(spread: number, minDist: number): LayoutCurve {
  const distances = Array.from({length: 300}, (_, i) => (i * 3 * spread) / 299);
  const wanted = distances.map((d) => (d < minDist ? 1 : Math.exp(-(d - minDist) / spread)));
  let curve: LayoutCurve = {a: 1, b: 1};
  let error = squaredError(curve, distances, wanted);
  let damping = 1e-3;
  for (let round = 0; round < 500 && damping < 1e12; round += 1) {
    const step = stepFrom(curve, distances, wanted, damping);
    const tried = {a: curve.a + step.a, b: curve.b + step.b};
    const triedError = tried.a > 0 && tried.b > 0 ? squaredError(tried, distances, wanted) : Infinity;
    if (triedError <= error) {
      const settled = Math.abs(step.a) < 1e-12 * curve.a && Math.abs(step.b) < 1e-12 * curve.b;
      curve = tried;
      error = triedError;
      damping /= 10;
      if (settled) break;
    } else {
      damping *= 10;
    }
  }
  return curve;
}

function valueAt({a, b}: LayoutCurve, d: number): number {
  return 1 / (1 + a * d ** (2 * b));
}

function squaredError(curve: LayoutCurve, distances: readonly number[], wanted: readonly number[]): number {
  return distances.reduce((sum, d, i) => sum + (valueAt(curve, d) - wanted[i]) ** 2, 0);
}

/** Solves the damped normal equations of the two parameters. */
function stepFrom(
  curve: LayoutCurve,
  distances: readonly number[],
  wanted: readonly number[],
  damping: number
): LayoutCurve {
  let aa = 0,
    ab = 0,
    bb = 0,
    ra = 0,
    rb = 0;
  distances.forEach((d, i) => {
    if (d === 0) return;
    const value = valueAt(curve, d);
    const power = d ** (2 * curve.b);
    const byA = -power * value * value;
    const byB = 2 * curve.a * Math.log(d) * byA;
    const residual = wanted[i] - value;
    aa += byA * byA;
    ab += byA * byB;
    bb += byB * byB;
    ra += byA * residual;
    rb += byB * residual;
  });
  const p = aa * (1 + damping);
  const q = bb * (1 + damping);
  const determinant = p * q - ab * ab;
  return {a: (ra * q - rb * ab) / determinant, b: (rb * p - ra * ab) / determinant};
}
