const twoOverRootPi = 2 / Math.sqrt(Math.PI);

/**
 * The error function to about 1e-15 (absolute; relative for |x| < 3): the all-positive series
 * erf x = 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!! below 3 (Abramowitz and Stegun 7.1.6), the continued
 * fraction of erfc (7.1.14) above. NaN gives NaN.
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 3) return series(x);
  const value = magnitude > 6 ? 1 : 1 - complement(magnitude);
  return Number.isNaN(x) ? NaN : x < 0 ? -value : value;
}

function series(x: number): number {
  const square = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); ++n) {
    term *= (2 * square) / (2 * n + 1);
    sum += term;
  }
  return twoOverRootPi * Math.exp(-square) * sum;
}

/** erfc for x >= 3: sqrt(pi) exp(x^2) erfc x = 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))). */
function complement(x: number): number {
  let tail = x;
  for (let k = 40; k >= 1; --k) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}
