/** How two selections become one: the rows of both, of either, or of the first but not of the second. */
export type RowsChange = "and" | "or" | "not";

/** Two sets of rows, each ascending without repeats, combined to one such set; linear in their lengths. */
export function combineRows(first: Int32Array, second: Int32Array, change: RowsChange): Int32Array {
  const found = new Int32Array(first.length + second.length);
  let [count, i, k] = [0, 0, 0];
  while (i < first.length || k < second.length) {
    const [a, b] = [i < first.length ? first[i] : Infinity, k < second.length ? second[k] : Infinity];
    const isTaken = change === "or" || (change === "and" ? a === b : a < b);
    if (isTaken) found[count++] = Math.min(a, b);
    if (a <= b) i += 1;
    if (b <= a) k += 1;
  }
  return found.slice(0, count);
}
