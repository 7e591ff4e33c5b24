import {figureFrame} from "./figure-frame.js";
import {extend, h} from "./dom.js";
import {formatCount, formatInteger, formatNumber, formatShare} from "./format.js";
import {svg} from "./svg.js";
import {shortened} from "./shortened.js";

/** Genes in groups of cells; means and shares are groups x genes, row-major, NaN for a group without cells. */
export interface DotPlotData {
  groups: readonly string[];
  /** Cells of each group. */
  cells: ArrayLike<number>;
  genes: readonly string[];
  /** Mean of log(1 + counts per 10,000). */
  means: ArrayLike<number>;
  /** Share of cells with a count. */
  shares: ArrayLike<number>;
}

/** A dot plot; null empties it, with a word about why. "gene" (CustomEvent, detail {gene}) tells of a gene that was chosen by its name. */
export type DotPlot = HTMLElement & {update(data: DotPlotData | null, waiting?: string): void};

const [rowHeight, top, right] = [24, 74, 34];

/** Dots of genes (columns) by group (rows): the area is the share of cells that express the gene, the color the mean of all cells of the group. */
export function dotPlot(data: DotPlotData | null = null, why = ""): DotPlot {
  const frame = figureFrame({height: 130});
  const update = (next: DotPlotData | null, waiting = ""): void => {
    if (next === null) return frame.update(null, waiting);
    const most = highest(next.means);
    frame.update({
      title: "Leading genes by group",
      label: labelOf(next),
      caption: `Beside each group, its cells. Area: share of them that express the gene, ${formatShare(0.25)}, ${formatShare(0.5)} and ${formatShare(1)} in the key. Color: mean of log(1 + counts per 10,000) over all cells of the group, from 0 (faint) to ${formatNumber(most)}.`,
      draw: (width) => draw(next, most, width)
    });
  };
  update(data, why);
  return extend(h("div", {}, frame), {update});
}

const highest = (means: ArrayLike<number>): number =>
  Array.from(means).reduce((most, mean) => (mean > most ? mean : most), 0) || 1;

function labelOf({groups, genes, means, shares}: DotPlotData): string {
  const leading = groups.map((group, g) => {
    const at = genes.map((_, i) => g * genes.length + i).filter((i) => means[i] > 0);
    const first = at.sort((a, b) => means[b] - means[a])[0];
    if (first === undefined) return `${group}: none of them`;
    return `${group}: ${genes[first % genes.length]}, in ${formatShare(shares[first])} of the cells`;
  });
  return `${formatCount(genes.length, "gene")} in ${formatCount(groups.length, "group")}. The highest of each: ${leading.join("; ")}.`;
}

function draw(data: DotPlotData, most: number, width: number): SVGElement {
  const {groups, cells, genes, means, shares} = data;
  const names = groups.map((group, g) => `${shortened(group, width < 480 ? 16 : 30)} (${formatInteger(cells[g])})`);
  const left = 12 + 6.6 * Math.max(8, ...names.map((name) => name.length));
  const step = Math.min(40, Math.max(14, (width - left - right) / genes.length));
  const radius = (share: number): number => Math.sqrt(share) * Math.min(rowHeight, step) * 0.46;
  const x = (gene: number): number => left + (gene + 0.5) * step;
  const y = (group: number): number => top + (group + 0.5) * rowHeight;
  const dots = groups.flatMap((group, g) =>
    genes.map((gene, i) => {
      const [mean, share] = [means[g * genes.length + i], shares[g * genes.length + i]];
      if (!(share > 0)) return null;
      const words = `${gene} in ${group}: ${formatShare(share)} of cells, mean ${formatNumber(mean)}`;
      return svg(
        "circle",
        {class: "wb-dot", cx: x(i), cy: y(g), r: radius(share), style: `--mean: ${percent(mean / most)}`},
        svg("title", {}, words)
      );
    })
  );
  const keyed = [0.25, 0.5, 1].map((share, i) =>
    svg("circle", {class: "wb-dot-key", cx: 14 + i * 28, cy: top - 20, r: radius(share)})
  );
  const height = top + groups.length * rowHeight + 6;
  return svg(
    "svg",
    {class: "wb-dots", width, height, viewBox: `0 0 ${width} ${height}`},
    ...keyed,
    ...genes.map((gene, i) =>
      svg("text", {transform: `translate(${x(i) + 4} ${top - 6}) rotate(-50)`}, shortened(gene, 12))
    ),
    ...groups.map((_, g) =>
      svg("line", {class: "wb-dots-line", x1: left, x2: left + genes.length * step, y1: y(g), y2: y(g)})
    ),
    ...names.map((name, g) => svg("text", {x: left - 8, y: y(g) + 4, "text-anchor": "end"}, name)),
    ...dots
  );
}

const percent = (share: number): string => `${(8 + 92 * Math.max(0, Math.min(1, share || 0))).toFixed(1)}%`;
