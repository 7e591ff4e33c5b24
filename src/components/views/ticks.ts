/**
 * Round values between `low` and `high` (both included where round), about `count` of them: steps of 1, 2 or 5 times a
 * power of ten, or on a log(1 + x) scale powers of ten (and 0, if it is in range). Empty if the range is.
 */
export function niceTicks(low: number, high: number, count: number, log = false): number[] {
  if (!(high > low)) return [];
  if (log) return logTicks(low, high, count);
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.75) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({length: last - first + 1}, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function logTicks(low: number, high: number, count: number): number[] {
  const powers = [0, ...Array.from({length: 13}, (_, k) => 10 ** k)].filter((value) => value >= low && value <= high);
  if (powers.length >= 2)
    return powers.length <= count + 1 ? powers : powers.filter((_, i) => (powers.length - 1 - i) % 2 === 0);
  const finer = [0, 1, 2, 3].flatMap((k) =>
    [1, 2, 5].map((factor) => factor * 10 ** (k + Math.floor(Math.log10(Math.max(1, low)))))
  );
  return finer.filter((value) => value >= low && value <= high);
}
