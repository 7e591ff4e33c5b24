/**
 * Round values on an axis from `low` to `high`, ascending, about four: multiples of 1, 2 or 5 times a power of ten; on a logarithmic axis
 * powers of ten and, where there are fewer than three, their multiples by 2 and 5. The value itself where both ends are one.
 * Pages have d3's (`views/ticks.ts`), which the command line does without: it would load all of d3 for these.
 */
export function axisTicks(low: number, high: number, log: boolean): number[] {
  if (!(high > low)) return [low];
  if (log) {
    const within = (parts: readonly number[]) => {
      const exponents = Array.from(
        {length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1},
        (_, i) => Math.floor(Math.log10(low)) + i
      );
      return exponents
        .flatMap((exponent) => parts.map((part) => Number(`${part}e${exponent}`)))
        .filter((value) => value >= low && value <= high);
    };
    const tens = within([1]);
    return tens.length >= 3 ? tens : within([1, 2, 5]);
  }
  const rough = (high - low) / 4;
  const exponent = Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * 10 ** exponent).find((one) => one >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({length: last - first + 1}, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
