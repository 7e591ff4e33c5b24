/** Rank sums of one gene. */
export interface RankSums {
  /** Sum of the ranks (from 1, ties at their middle) of each group's values. */
  sums: Float64Array;
  /** Sum of t^3 - t over ties of t values. */
  ties: number;
}

/**
 * Ranks the values of one gene over all cells of all groups: `values` are those above 0, `groups` the group of each, and `sizes` the cells of each group, of
 * which those that are not listed have 0. `room` is scratch space for at least as many numbers as values, twice.
 */
export function rankSums(
  values: Float64Array,
  groups: Int32Array,
  sizes: Int32Array,
  room: [Float64Array, Float64Array]
): RankSums {
  const count = values.length;
  const cells = sizes.reduce((sum, size) => sum + size, 0);
  const zeros = cells - count;
  const sorted = room[0].subarray(0, count);
  sorted.set(values);
  sorted.sort();
  const ranks = room[1];
  let ties = cubed(zeros);
  let different = 0;
  for (let at = 0; at < count;) {
    let end = at + 1;
    while (end < count && sorted[end] === sorted[at]) end += 1;
    sorted[different] = sorted[at];
    ranks[different++] = zeros + (at + 1 + end) / 2;
    ties += cubed(end - at);
    at = end;
  }
  const listed = new Int32Array(sizes.length);
  const sums = new Float64Array(sizes.length);
  for (let i = 0; i < count; i += 1) {
    listed[groups[i]] += 1;
    sums[groups[i]] += ranks[placeOf(sorted, different, values[i])];
  }
  for (let group = 0; group < sizes.length; group += 1)
    sums[group] += (sizes[group] - listed[group]) * ((zeros + 1) / 2);
  return {sums, ties};
}

function cubed(ties: number): number {
  return ties ** 3 - ties;
}

function placeOf(sorted: Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
