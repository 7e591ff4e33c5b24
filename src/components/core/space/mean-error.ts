/**
 * Standard error of the mean of `values`, one a cell: their standard deviation (n - 1) over the root of their number. In the unit of the
 * values; NaN for fewer than two.
 */
export function meanError(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 2) return NaN;
  let [mean, squares] = [0, 0];
  for (let i = 0; i < n; ++i) mean += values[i] / n;
  for (let i = 0; i < n; ++i) squares += (values[i] - mean) ** 2;
  return Math.sqrt(squares / (n - 1) / n);
}
