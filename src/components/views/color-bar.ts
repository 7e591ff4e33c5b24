import {type ContinuousScale, rampPosition, rampSteps} from "./color-scale.js";
import {h} from "./dom.js";
import {formatCount, formatInteger, formatNumber} from "./format.js";
import {niceTicks} from "./ticks.js";

/**
 * The bar of a scale of numbers: its ramp, both ends and round values between them, and below what they mean: the unit, what zero is, and
 * how many cells lie beyond an end. An end that cells lie beyond is pointed, and has ≤ or ≥ before its number.
 */
export function colorBar(scale: ContinuousScale): HTMLElement {
  const {unit, below, above} = scale;
  const stops = (colors: readonly string[]): string =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) => colors[Math.round((k / 8) * (rampSteps - 1))]).join(", ");
  const style = `--wb-light: linear-gradient(to right, ${stops(scale.light)}); --wb-dark: linear-gradient(to right, ${stops(scale.dark)})`;
  const [low, high] = endsOf(scale);
  const words = `From ${low} to ${high}${unit === undefined ? "" : ` ${unit}`}`;
  const ends = [below > 0 && "below", above > 0 && "above"].filter((end) => end !== false).join(" ");
  return h(
    "div",
    {class: "wb-bar"},
    h("div", {class: "wb-bar-ramp", role: "img", "aria-label": words, "data-beyond": ends || undefined, style}),
    h("div", {class: "wb-bar-ticks", "aria-hidden": "true"}, tickLabels(scale)),
    notesOf(scale).map((note) => h("div", {class: "wb-bar-notes"}, note))
  );
}

/** Labels of the two ends ("0", "≥ 4.2"). */
function endsOf({domain: [low, high], below, above}: ContinuousScale): [low: string, high: string] {
  return [`${below > 0 ? "≤ " : ""}${formatNumber(low)}`, `${above > 0 ? "≥ " : ""}${formatNumber(high)}`];
}

/** Both ends always; round values where there is room between them. */
function tickLabels(scale: ContinuousScale): HTMLElement[] {
  const {domain, log} = scale;
  const [low, high] = endsOf(scale);
  const width = (label: string): number => 0.03 * (label.length + 1);
  const last = 1 - width(high);
  let free = width(low);
  const label = (text: string, at: number, edge: "start" | "middle" | "end"): HTMLElement =>
    h("span", {class: "wb-tick", "data-edge": edge, style: `left: ${(at * 100).toFixed(2)}%`}, text);
  const between = niceTicks(...domain, 4, log).flatMap((tick) => {
    const at = rampPosition(tick, scale);
    const text = formatNumber(tick);
    const half = width(text) / 2;
    if (at - half < free || at + half > last) return [];
    free = at + half;
    return [label(text, at, "middle")];
  });
  return [label(low, 0, "start"), ...between, label(high, 1, "end")];
}

function notesOf(scale: ContinuousScale): string[] {
  const {domain, unit, log, zero, zeros, missing, below, above} = scale;
  const cells = scale.index.length;
  const beyond = (count: number, where: string, end: number): string =>
    count === 0 ? "" : `${formatCount(count, "cell")} ${where} ${formatNumber(end)}, in the color of that end`;
  return [
    [unit, log && "logarithmic colors"].filter(Boolean).join(" · "),
    zero === undefined ? "" : `0: ${zero} (${formatInteger(zeros)} of ${formatCount(cells, "cell")})`,
    beyond(below, "below", domain[0]),
    beyond(above, "above", domain[1]),
    missing === 0 ? "" : `${formatCount(missing, "cell")} not given (gray)`
  ].filter((note) => note !== "");
}
