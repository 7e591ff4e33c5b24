/**
 * Standard error of a share of cells, `right` of `count`: sqrt(p (1 - p) / (count + 4)) with p = (right + 2) / (count + 4), the interval
 * of Agresti and Coull 1998 (The American Statistician 52). Unlike sqrt(p (1 - p) / count) it is not 0 where all or none are right.
 * 0 to 1; NaN for no cells.
 */
export function shareError(right: number, count: number): number {
  if (!(count > 0)) return NaN;
  const p = (right + 2) / (count + 4);
  return Math.sqrt((p * (1 - p)) / (count + 4));
}
