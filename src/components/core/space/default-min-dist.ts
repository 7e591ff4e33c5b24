/** From how many cells on which minimum distance is used, most cells first. */
export const minDistSteps: readonly {above: number; minDist: number}[] = [
  {above: 10_000, minDist: 0.1},
  {above: 2000, minDist: 0.3},
  {above: 500, minDist: 0.5},
  {above: 0, minDist: 0.8}
];

/**
 * The minimum distance of a map of `cells` cells where none is chosen: 0.8 up to 500 cells, 0.5 up to 2,000, 0.3 up to 10,000, 0.1
 * above. Few cells at UMAP's own 0.1 collapse to dots on an empty canvas. 0.5, 0.3 and 0.1 are the defaults of scanpy, Seurat and
 * umap-learn; trustworthiness is the same within 0.005 for all of them (docs/umap.md).
 */
export function defaultMinDist(cells: number): number {
  return (minDistSteps.find(({above}) => cells > above) ?? minDistSteps[minDistSteps.length - 1]).minDist;
}
