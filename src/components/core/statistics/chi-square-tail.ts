/**
 * Probability that a chi-square variable with `freedom` degrees of freedom (a whole number from 1) is above `x`: the regularized upper incomplete gamma function
 * Q(freedom / 2, x / 2), by its series below freedom / 2 + 1 and by its continued fraction above (Press and others, Numerical Recipes, 6.2). Absolute error below 1e-12.
 */
export function chiSquareTail(x: number, freedom: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? NaN : 1;
  const [a, z] = [freedom / 2, x / 2];
  const scale = Math.exp(a * Math.log(z) - z - logGammaOfHalf(freedom));
  if (z < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > sum * 1e-17; n += 1) sum += term *= z / (a + n);
    return 1 - scale * sum;
  }
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 1000; n += 1) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return scale * fraction;
}

/** log of gamma(n / 2), by gamma(1/2) = sqrt(pi), gamma(1) = 1 and gamma(x + 1) = x gamma(x). */
function logGammaOfHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let x = n % 2 === 0 ? 1 : 0.5; x < n / 2; x += 1) sum += Math.log(x);
  return sum;
}
