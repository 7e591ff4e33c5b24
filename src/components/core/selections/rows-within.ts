/** Bounds of numbers, both inclusive; null: none. */
export interface Bounds {
  low: number | null;
  high: number | null;
}

/** Which of `rows` (null: all) have a value within bounds, in their order; a value that is no number is in none. `valid` has 0 where there is no value. */
export function rowsWithin(
  values: ArrayLike<number>,
  {low, high}: Bounds,
  {rows = null, valid}: {rows?: Int32Array | null; valid?: ArrayLike<number>} = {}
): Int32Array {
  const isIn = (row: number): boolean => {
    const value = values[row];
    return valid?.[row] !== 0 && value >= (low ?? -Infinity) && value <= (high ?? Infinity);
  };
  return (rows ?? Int32Array.from({length: values.length}, (_, row) => row)).filter(isIn);
}
