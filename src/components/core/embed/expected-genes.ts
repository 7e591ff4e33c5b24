/** Positions of genes in three lists that tell how a cell meets the model's expectation. */
export interface ExpectedGenes {
  /** The most expected genes, counted or not, most expected first. */
  expected: number[];
  /** Expected and not counted, most expected first. */
  absent: number[];
  /** Counted and least expected, least expected first. */
  unexpected: number[];
}

/**
 * Picks `most` genes for each of three lists by the model's probability that a gene is expressed and the cell's counts, one
 * of each a gene. Of two genes that are equally expected, the earlier goes first.
 */
export function expectedGenes(
  probabilities: ArrayLike<number>,
  counts: ArrayLike<number>,
  most: number
): ExpectedGenes {
  const falling = Array.from({length: probabilities.length}, (_, gene) => gene).sort(
    (a, b) => probabilities[b] - probabilities[a] || a - b
  );
  const take = (genes: Iterable<number>, wanted: (gene: number) => boolean): number[] => {
    const found: number[] = [];
    for (const gene of genes) {
      if (found.length === most) break;
      if (wanted(gene)) found.push(gene);
    }
    return found;
  };
  const rising = [...falling].sort((a, b) => probabilities[a] - probabilities[b] || a - b);
  return {
    expected: falling.slice(0, most),
    absent: take(falling, (gene) => counts[gene] === 0),
    unexpected: take(rising, (gene) => counts[gene] > 0)
  };
}
