/**
 * False discovery rates of p-values by Benjamini and Hochberg 1995 (J. R. Stat. Soc. B 57): of the i-th smallest of n the smallest
 * p(j) n / j with j from i on, at most 1; in the order of `p`. The same as statsmodels' fdr_bh and R's p.adjust. A p-value of NaN counts as 1.
 */
export function falseDiscoveryRates(p: Float64Array): Float64Array {
  const known = p.map((value) => (Number.isNaN(value) ? 1 : value));
  const order = Uint32Array.from(known.keys()).sort((a, b) => known[a] - known[b]);
  const rates = new Float64Array(p.length);
  let least = 1;
  for (let i = order.length - 1; i >= 0; i -= 1) {
    least = Math.min(least, (known[order[i]] * order.length) / (i + 1));
    rates[order[i]] = least;
  }
  return rates;
}
