/** A digit of a rank: 8 bits. */
const digits = 256;

/** `values` by the rank of each (`rankOf[value]`, from 0 and below the number of ranks), equal ranks in the order in which they come. Digit by digit, lowest first. */
export function sortByRank(values: Int32Array, rankOf: Int32Array): Int32Array {
  let from = values;
  const starts = new Int32Array(digits);
  for (let shift = 0; shift === 0 || rankOf.length > 2 ** shift; shift += 8) {
    starts.fill(0);
    for (let i = 0; i < from.length; ++i) ++starts[(rankOf[from[i]] >>> shift) & (digits - 1)];
    for (let digit = 0, before = 0; digit < digits; ++digit) {
      const count = starts[digit];
      starts[digit] = before;
      before += count;
    }
    const to = new Int32Array(from.length);
    for (let i = 0; i < from.length; ++i) {
      const value = from[i];
      to[starts[(rankOf[value] >>> shift) & (digits - 1)]++] = value;
    }
    from = to;
  }
  return from;
}
