import {extend, h} from "./dom.js";
import {quartiles} from "./distribution-view.js";
import {figureFrame} from "./figure-frame.js";
import {formatCount, formatNumber, formatShare} from "./format.js";
import {shortened} from "./shortened.js";
import {svg} from "./svg.js";
import {ticks as ticksOf} from "npm:d3";

/** A gene in groups of cells. */
export interface GroupDistributionData {
  gene: string;
  groups: readonly {
    name: string;
    /** Log-normalized counts of the group's cells, 0 for those without a count. */
    values: Float64Array;
  }[];
}

/** The figure; null empties it, with a word about why. */
export type GroupDistributions = HTMLElement & {update(data: GroupDistributionData | null, waiting?: string): void};

const [rowHeight, bins] = [34, 40];

/**
 * A gene's values by group, as violins of those cells that express it, beside the share that does: cells without a count, most of them as a rule, would be one
 * bulge at 0 that hides the rest. All violins have one scale of area for a cell of their group.
 */
export function groupDistributions(data: GroupDistributionData | null = null, why = ""): GroupDistributions {
  const frame = figureFrame({height: 130});
  const update = (next: GroupDistributionData | null, waiting = ""): void =>
    frame.update(
      next && {
        title: `${next.gene} by group`,
        label: labelOf(next),
        caption:
          "Violins are of the cells that express the gene: width is the share of the group's cells at a value, the line their median. Beside each name, the share that expresses it at all.",
        draw: (width) => draw(next, width)
      },
      waiting
    );
  update(data, why);
  return extend(h("div", {}, frame), {update});
}

const shownOf = (values: Float64Array): Float64Array => values.filter((value) => value > 0);

function labelOf({gene, groups}: GroupDistributionData): string {
  const words = groups.map(({name, values}) => {
    const shown = shownOf(values);
    const median = shown.length === 0 ? "" : `, median of these ${formatNumber(quartiles(shown).median)}`;
    return `${name}: ${formatShare(shown.length / Math.max(1, values.length))} of ${formatCount(values.length, "cell")} express it${median}`;
  });
  return `${gene}. ${words.join("; ")}.`;
}

function draw({groups}: GroupDistributionData, width: number): SVGElement {
  const shown = groups.map(({values}) => shownOf(values));
  const most = shown.reduce((high, values) => values.reduce((m, value) => Math.max(m, value), high), 0) || 1;
  const named = groups.map(({name, values}, g) => ({
    name: shortened(name, width < 480 ? 16 : 30),
    share: formatShare(shown[g].length / Math.max(1, values.length))
  }));
  const left = 16 + 6.8 * Math.max(...named.map(({name, share}) => name.length + share.length + 2));
  const x = (value: number): number => left + ((width - left - 12) * value) / most;
  const densities = shown.map((values, g) => density(values, most, groups[g].values.length));
  const highest = Math.max(1e-12, ...densities.flatMap((heights) => [...heights]));
  const height = groups.length * rowHeight + 30;
  const bottom = groups.length * rowHeight;
  return svg(
    "svg",
    {class: "wb-violins", width, height, viewBox: `0 0 ${width} ${height}`},
    ...ticksOf(0, most, width < 480 ? 4 : 8).flatMap((tick) => [
      svg("line", {class: "wb-dots-line", x1: x(tick), x2: x(tick), y1: 0, y2: bottom}),
      svg("text", {x: x(tick), y: bottom + 13, "text-anchor": "middle"}, formatNumber(tick))
    ]),
    svg("text", {x: width - 12, y: bottom + 27, "text-anchor": "end"}, "log(1 + counts per 10,000)"),
    ...named.flatMap(({name, share}, g) => [
      svg("text", {x: left - 8, y: (g + 0.5) * rowHeight + 4, "text-anchor": "end"}, `${name}  ${share}`),
      ...violin(
        shown[g],
        densities[g].map((one) => one / highest),
        {middle: (g + 0.5) * rowHeight, x, step: most / bins}
      )
    ])
  );
}

function violin(
  values: Float64Array,
  heights: Float64Array,
  {middle, x, step}: {middle: number; x(value: number): number; step: number}
): SVGElement[] {
  if (values.length === 0) return [];
  const half = rowHeight * 0.44;
  const at = (i: number, side: number) =>
    `${x((i + 0.5) * step).toFixed(1)} ${(middle + side * half * heights[i]).toFixed(1)}`;
  const places = Array.from({length: bins}, (_, i) => i);
  const path = `M${[...places.map((i) => at(i, -1)), ...places.reverse().map((i) => at(i, 1))].join("L")}Z`;
  const {median} = quartiles(values);
  return [
    svg("path", {class: "wb-violin", d: path}),
    svg("line", {class: "wb-violin-median", x1: x(median), x2: x(median), y1: middle - half, y2: middle + half})
  ];
}

/** Share of the group's `cells` in each of `bins` from 0 to `most`, each bin averaged with its neighbors (1, 2, 1). */
function density(values: Float64Array, most: number, cells: number): Float64Array {
  const counts = new Float64Array(bins);
  for (const value of values) counts[Math.min(bins - 1, Math.floor((value / most) * bins))] += 1 / cells;
  const at = (i: number): number => counts[Math.min(bins - 1, Math.max(0, i))];
  return counts.map((count, i) => (at(i - 1) + 2 * count + at(i + 1)) / 4);
}
