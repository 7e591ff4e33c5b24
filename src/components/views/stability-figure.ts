import * as Plot from "npm:@observablehq/plot";
import type {ResolutionStability} from "../core/clusters/find-clusters.js";
import {extend, h} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatNumber} from "./format.js";

/** How clusters hold; null empties it, with a word about why. */
export type StabilityFigure = HTMLElement & {
  update(stability: readonly ResolutionStability[] | null, waiting?: string): void;
};

/** The adjusted Rand index between seeds, and with the clusters that are shown, at several resolutions, with the numbers of clusters. */
export function stabilityFigure(stability: readonly ResolutionStability[] | null = null, why = ""): StabilityFigure {
  const frame = figureFrame({height: 190});
  const update = (next: readonly ResolutionStability[] | null, waiting = ""): void =>
    frame.update(
      next && {
        title: "Do the clusters hold? Adjusted Rand index",
        label: next.map(inWords).join("; "),
        caption:
          "1 is the same grouping, 0 what chance gives. Filled: between five seeds. Open: with the clusters that are shown. Groups that come apart under another seed are no types.",
        draw: (width) => draw(next, width)
      },
      waiting
    );
  update(stability, why);
  return extend(h("div", {}, frame), {update});
}

/** "7" or "6 to 8". */
export function clusterRange({clusters}: Pick<ResolutionStability, "clusters">): string {
  const [least, most] = [Math.min(...clusters), Math.max(...clusters)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function inWords(one: ResolutionStability): string {
  const index = `${one.betweenSeeds.toFixed(2)} between seeds, ${one.withChosen.toFixed(2)} with those shown`;
  return `resolution ${formatNumber(one.resolution)}: ${clusterRange(one)} clusters, adjusted Rand index ${index}`;
}

function draw(stability: readonly ResolutionStability[], width: number): Element {
  const at = ({resolution}: ResolutionStability): string => formatNumber(resolution);
  const isNarrow = width < 420;
  const found = new Map(stability.map((one) => [at(one), `${clusterRange(one)}${isNarrow ? "" : " clusters"}`]));
  return Plot.plot({
    width,
    height: 190,
    marginTop: 10,
    marginBottom: 58,
    x: {
      type: "point",
      domain: [...found.keys()],
      label: isNarrow ? "resolution, and below it clusters of five seeds" : "resolution, and clusters of five seeds",
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: 52,
      padding: 0.6,
      tickSize: 0,
      tickFormat: (resolution: string) => `${resolution}\n${found.get(resolution)}`
    },
    y: {domain: [0, 1], ticks: 5, label: null, grid: true},
    marks: [
      Plot.ruleY([0]),
      Plot.dot(stability, {x: at, y: "withChosen", dx: 5, r: 5, strokeWidth: 2, stroke: "var(--workbook-category-2)"}),
      Plot.dot(stability, {x: at, y: "betweenSeeds", dx: -5, r: 5, fill: "var(--workbook-category-1)"})
    ]
  });
}
