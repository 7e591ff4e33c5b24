import type {ColorScale} from "./color-scale.js";
import {formatCount, formatNumber} from "./format.js";

/** What a map shows, for people who do not see it, and the keys that move it. */
export function describeMap(cells: number, colors: ColorScale): string {
  return `${formatCount(cells, "cell")}, colored by ${colors.title}: ${colored(colors)}. Arrow keys move, plus and minus zoom, 0 shows all.`;
}

function colored(colors: ColorScale): string {
  if (colors.kind === "continuous") {
    const [low, high] = colors.domain;
    return `from ${formatNumber(low)} to ${formatNumber(high)}${colors.unit === undefined ? "" : ` ${colors.unit}`}`;
  }
  const {entries} = colors;
  const largest = entries
    .slice(0, 6)
    .map(({label, count}) => `${label} ${formatCount(count, "cell")}`)
    .join(", ");
  return entries.length <= 6 ? largest : `${entries.length} groups, the largest ${largest}`;
}
