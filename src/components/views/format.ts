const grouped = new Intl.NumberFormat("en-US", {maximumFractionDigits: 0});

/** A whole number with thousands separators ("50,000"); "–" for what is no number. */
export function formatInteger(value: number): string {
  return Number.isFinite(value) ? grouped.format(value) : "–";
}

/**
 * A measured number with `digits` significant digits and no useless zeros ("0.0123", "12.3", "50,000"): whole numbers stay
 * whole, very large and very small ones are written as powers of ten. "–" for what is no number.
 */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return grouped.format(value);
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-3)
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  return new Intl.NumberFormat("en-US", {
    maximumSignificantDigits: Math.max(digits, size >= 1 ? Math.floor(Math.log10(size)) + 1 : 1)
  }).format(value);
}

/** A share of one as per cent ("12.3 %", "0.84 %", "100 %"), two decimals at the most; a share that is not whole never reads as 0 or 100. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return "–";
  const percent = share * 100;
  if (percent > 0 && percent < 0.01) return "< 0.01 %";
  if (percent < 100 && percent > 99.9) return "> 99.9 %";
  return `${formatNumber(Number(percent.toFixed(percent < 10 ? 2 : 1)))} %`;
}

/** A share of one in whole per cent ("93 %"), for what is known to a few hundred cells. */
export function wholePercent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(100 * share)} %` : "–";
}

/**
 * A score with its standard error ("0.91 ± 0.02"); an error that would read as 0 is "< 0.01", one that is not known "–". `scale` 100 and
 * `unit` " %" give per cent.
 */
export function formatScore(
  value: number,
  error: number,
  {decimals = 2, scale = 1, unit = ""}: {decimals?: number; scale?: number; unit?: string} = {}
): string {
  const least = 10 ** -decimals;
  const given = error * scale;
  const rounded = !Number.isFinite(given)
    ? "–"
    : given < least / 2
      ? `< ${least.toFixed(decimals)}`
      : given.toFixed(decimals);
  return `${Number.isFinite(value) ? (value * scale).toFixed(decimals) : "–"} ± ${rounded}${unit}`;
}

/** A share of one in a column of shares, which line up: always as many decimals ("0.60 %"). */
export function formatShareInColumn(share: number, decimals = 2): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(decimals)} %` : "–";
}

/** How many of what ("1 cell", "2 cells"); `plural` for nouns that do not take an s. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatInteger(count)} ${count === 1 ? noun : plural}`;
}

/** A duration as text, two units at the most ("85 ms", "1.4 s", "42 s", "3 min 20 s", "2 h 5 min", "3 days 4 h"). */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return "–";
  if (ms < 1) return ms === 0 ? "0 ms" : "< 1 ms";
  if (ms < 995) return `${formatNumber(Math.round(ms))} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3570) return pair(seconds, 60, "min", 1, "s");
  if (seconds < 86_400 - 1800) return pair(seconds, 3600, "h", 60, "min");
  return pair(seconds, 86_400, "day", 3600, "h");
}

/** Remaining time, coarser the longer it is, because it is a guess ("a few seconds", "about 40 s", "about 2.5 min", "about 1 h 10 min"). */
export function formatRemaining(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return "–";
  const seconds = ms / 1000;
  if (seconds < 5) return "a few seconds";
  if (seconds < 57.5) return `about ${Math.round(seconds / 5) * 5} s`;
  if (seconds < 95) return `about ${Math.round(seconds / 10) * 10} s`;
  if (seconds < 585) return `about ${Math.round(seconds / 30) / 2} min`;
  if (seconds < 3570) return `about ${Math.round(seconds / 60)} min`;
  return `about ${formatDuration(Math.round(seconds / 600) * 600_000)}`;
}

/** Bytes in decimal units, as file managers and hosts count ("812 B", "2.25 MB", "5.1 GB"). */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return "–";
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = (value: number) => Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  let at = power(bytes);
  let value = Number((bytes / 1000 ** at).toPrecision(3));
  if (value >= 1000 && at < units.length - 1) value = Number((bytes / 1000 ** ++at).toPrecision(3));
  return `${formatNumber(value)} ${units[at]}`;
}

/** A rate, turned round where it is below one a second ("12.3 cells/s", "2.5 s a cell"); `noun` in the singular. */
export function formatRate(perSecond: number, noun: string): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return "–";
  if (perSecond < 1) return `${formatDuration(1000 / perSecond)} a ${noun}`;
  return `${formatNumber(Number(perSecond.toPrecision(3)))} ${noun}s/s`;
}

function pair(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const total = Math.round(seconds / small);
  const whole = Math.floor((total * small) / large);
  const rest = total - (whole * large) / small;
  const name = largeName === "day" && whole !== 1 ? "days" : largeName;
  return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${smallName}`;
}
