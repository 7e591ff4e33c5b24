/** How one cell's sentence stands to the reference's. */
export interface SentenceDifference {
  identical: boolean;
  /** Drawn genes that would have to be exchanged to make the multisets equal; NaN where only one side has tokens. */
  drawsApart: number;
}

/** Compares two sentences (checkpoint tokens without padding, null where there is none); `isGene` tells gene tokens. */
export function compareSentences(
  ours: ArrayLike<number> | null,
  reference: ArrayLike<number> | null,
  isGene: (token: number) => boolean
): SentenceDifference {
  if (ours === null || reference === null) {
    const identical = ours === reference;
    return {identical, drawsApart: identical ? 0 : NaN};
  }
  const a = Array.from(ours);
  const b = Array.from(reference);
  const identical = a.length === b.length && a.every((token, i) => token === b[i]);
  const balance = new Map<number, number>();
  for (const token of a.filter(isGene)) balance.set(token, (balance.get(token) ?? 0) + 1);
  for (const token of b.filter(isGene)) balance.set(token, (balance.get(token) ?? 0) - 1);
  const surplus = [...balance.values()].filter((n) => n > 0).reduce((sum, n) => sum + n, 0);
  const missing = [...balance.values()].filter((n) => n < 0).reduce((sum, n) => sum - n, 0);
  return {identical, drawsApart: Math.max(surplus, missing)};
}
