/**
 * How far a map of `cells` cells moves in its first epoch, as a share of UMAP's full step: 0.01 up to 500 cells, 0.03 up to 1,000, 0.1
 * above. UMAP's own rate of 1 is made for starts that know nothing. Ours are the principal components: at full rate the first epochs throw
 * islands about and far apart, and elsewhere for any difference in the seventh digit of a vector. At these rates islands stay near where the
 * components have them and fill two to four times as much of the canvas; trustworthiness is the same within 0.005 (docs/umap.md).
 */
export function learningRate(cells: number): number {
  if (cells <= 500) return 0.01;
  return cells <= 1000 ? 0.03 : 0.1;
}
