/** Mean and variance (n - 1) of each gene's counts per 10,000 over cells. */
export interface GeneMoments {
  mean: Float64Array;
  variance: Float64Array;
}

const bins = 20;

/**
 * The `most` most variable genes (columns, ascending), as scanpy's `highly_variable_genes(flavor="seurat", n_top_genes=most)` chooses them (after Satija and others 2015, Nat. Biotechnol. 33): the log of
 * dispersion (variance / mean) less its mean over the genes of one of 20 bins of log1p(mean), over its standard deviation there; a gene alone in its bin gets 1. Genes that equal the last one are
 * taken as well, and those without a dispersion never are. Fewer where fewer genes vary.
 */
export function variableGenes(moments: GeneMoments, most: number): Int32Array {
  const scores = dispersionScores(moments);
  const ranked = scores.filter((score) => !Number.isNaN(score)).sort();
  if (ranked.length === 0 || most < 1) return new Int32Array(0);
  const last = ranked[Math.max(0, ranked.length - most)];
  return Int32Array.from(scores.keys()).filter((gene) => scores[gene] >= last);
}

/** Normalized dispersion of each gene; NaN for a gene that does not vary. */
export function dispersionScores({mean, variance}: GeneMoments): Float64Array {
  const dispersions = mean.map((one, gene) => (one > 0 && variance[gene] > 0 ? Math.log(variance[gene] / one) : NaN));
  const binOf = cut(mean.map((one) => Math.log1p(one > 0 ? one : 1e-12)));
  const [count, sum, squares] = [0, 1, 2].map(() => new Float64Array(bins));
  dispersions.forEach((value, gene) => {
    if (Number.isNaN(value)) return;
    count[binOf[gene]] += 1;
    sum[binOf[gene]] += value;
  });
  const center = sum.map((total, bin) => total / count[bin]);
  dispersions.forEach((value, gene) => {
    if (!Number.isNaN(value)) squares[binOf[gene]] += (value - center[binOf[gene]]) ** 2;
  });
  return dispersions.map((value, gene) => {
    const bin = binOf[gene];
    if (count[bin] === 1) return Number.isNaN(value) ? NaN : 1;
    return (value - center[bin]) / Math.sqrt(squares[bin] / (count[bin] - 1));
  });
}

/** The bin of each value: 20 of equal width from the least to the largest, each with its upper end, as pandas' `cut`. */
function cut(values: Float64Array): Int32Array {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity]
  );
  const step = (high - low) / bins;
  return Int32Array.from(values, (value) => {
    if (!(step > 0)) return 0;
    let bin = Math.min(bins - 1, Math.max(0, Math.ceil((value - low) / step) - 1));
    // Edges as numpy's linspace has them, so that a value on an edge falls where it does there.
    while (bin < bins - 1 && value > low + (bin + 1) * step) bin += 1;
    while (bin > 0 && value <= low + bin * step) bin -= 1;
    return bin;
  });
}
