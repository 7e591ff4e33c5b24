/** Bars of a histogram: bar k counts the values from `edges[k]` to below `edges[k + 1]` (the last one its end too). */
export interface Histogram {
  /** Ends of the bars, ascending, one more than `counts`. */
  edges: Float64Array;
  counts: Int32Array;
  /** Values that are no finite number. */
  missing: number;
}

/**
 * A histogram of `bars` bars over [low, high], equally wide on the axis: in value, or with `log` in log(1 + value). Values
 * beyond the ends go to the first and last bar. `low` and `high` are the values' own by default; where they are one value the
 * range is widened to the right. It counts without keeping each bar's values, so it stands in place of d3.bin: 50,000 values take
 * 0.3 ms (log 0.9 ms, d3.bin 3.8 ms), a million 7 ms (31 ms, 165 ms) (`node --import tsx tests/bench/views.ts`, Node 20).
 */
export function histogram(
  values: ArrayLike<number>,
  bars: number,
  {log = false, low, high}: {log?: boolean; low?: number; high?: number} = {}
): Histogram {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; ++i) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  least = low ?? (least === Infinity ? 0 : least);
  most = high ?? (most === -Infinity ? 1 : most);
  if (!(most > least)) most = least + 1;
  const onAxis = (value: number): number => (log ? Math.log1p(value) : value);
  const [first, span] = [onAxis(least), onAxis(most) - onAxis(least)];
  const edges = Float64Array.from({length: bars + 1}, (_, k) => {
    const at = first + (span * k) / bars;
    return log ? Math.expm1(at) : at;
  });
  const counts = new Int32Array(bars);
  let missing = 0;
  for (let i = 0; i < values.length; ++i) {
    const value = values[i];
    if (!Number.isFinite(value)) missing += 1;
    else counts[Math.min(bars - 1, Math.max(0, Math.floor(((onAxis(value) - first) / span) * bars)))] += 1;
  }
  return {edges, counts, missing};
}
