const perRootPi = 2 / Math.sqrt(Math.PI);

/**
 * Probability of a standard normal beyond `z` on both sides, 2 (1 - Phi(|z|)) = erfc(|z| / sqrt 2): 1 at 0, 0 where it is below the smallest
 * number (|z| above 38.5); relative error below 1e-13. Below 2 by the series of erf with terms of one sign, above by the continued fraction of erfc
 * (Abramowitz and Stegun 7.1.6 and 7.1.14, the latter by Lentz's algorithm). NaN for NaN.
 */
export function twoSidedNormalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (Number.isNaN(x)) return NaN;
  return x < 2 ? 1 - errorFunction(x) : complement(x);
}

function errorFunction(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return perRootPi * Math.exp(-x * x) * sum;
}

/** exp(-x^2) / sqrt(pi) / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))). */
function complement(x: number): number {
  if (x === Infinity) return 0;
  let fraction = x;
  let [up, down] = [x, 0];
  for (let n = 1; n < 500; n += 1) {
    down = 1 / (x + (n / 2) * down);
    up = x + n / 2 / up;
    const factor = up * down;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return ((perRootPi / 2) * expOfMinusSquare(x)) / fraction;
}

/** exp(-x^2) without the rounding of x^2, which is large where x is: the square of x's leading part is exact. */
function expOfMinusSquare(x: number): number {
  const lead = Math.fround(x);
  return Math.exp(-lead * lead) * Math.exp(-(x - lead) * (x + lead));
}
