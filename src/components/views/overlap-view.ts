import * as Plot from "npm:@observablehq/plot";
import type {NeighborOverlap} from "../core/space/neighbor-overlap.js";
import type {Trust} from "../core/space/trustworthiness.js";
import {extend} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatInteger, formatNumber, formatScore, formatShare} from "./format.js";

/** The figure; null shows `waiting`. */
export type OverlapView = HTMLElement & {
  update(data: {trust: Trust; overlap: NeighborOverlap} | null, waiting?: string): void;
};

const height = 210;

/** How many of each cell's neighbors in the embedding are its neighbors on the map, over the cells; chance beside it. */
export function overlapView(): OverlapView {
  const frame = figureFrame({height: height + 10});
  const show = frame.update;
  const update = (data: {trust: Trust; overlap: NeighborOverlap} | null, waiting = ""): void => {
    if (data === null) return show(null, waiting);
    const {overlap, trust} = data;
    const bars = Array.from(overlap.cells, (cells, shared) => ({shared, share: cells / overlap.asked}));
    const mean = overlap.mean * overlap.k;
    show({
      title: `Neighbors kept: of ${overlap.k} in the embedding, how many are among ${overlap.k} on the map`,
      caption:
        `${formatInteger(overlap.asked)} cells, on average ${formatScore(mean, overlap.error * overlap.k)} of ${overlap.k} (${formatShare(overlap.mean)}); cells strewn at random would keep ${formatNumber(overlap.chance * overlap.k, 2)}. ` +
        `Trustworthiness T(${trust.k}) = ${formatScore(trust.value, trust.error, {decimals: 3})}, from ${formatInteger(trust.asked)} cells. ± is one standard error over the cells.`,
      label: `Cells by neighbors kept: mean ${formatNumber(mean)} of ${overlap.k}; at random ${formatNumber(overlap.chance * overlap.k, 2)}. Trustworthiness ${trust.value.toFixed(3)}.`,
      draw: (width) =>
        Plot.plot({
          width,
          height,
          marginLeft: 50,
          marginTop: 22,
          marginBottom: 42,
          x: {
            label: `neighbors kept, of ${overlap.k} →`,
            tickFormat: (value: number) => String(value),
            ticks: bars.filter(({shared}) => shared % (width < 500 ? 3 : 1) === 0).map(({shared}) => shared)
          },
          y: {label: "↑ share of cells, %", percent: true, grid: true, ticks: 4},
          marks: [
            Plot.rectY(bars, {
              x1: ({shared}: {shared: number}) => shared - 0.42,
              x2: ({shared}: {shared: number}) => shared + 0.42,
              y: "share",
              fill: "var(--workbook-category-1)"
            }),
            Plot.ruleX([overlap.chance * overlap.k], {
              stroke: "var(--wb-warning)",
              strokeDasharray: "4 3",
              strokeWidth: 2
            }),
            Plot.text([overlap.chance * overlap.k], {
              x: (value: number) => value,
              frameAnchor: "top",
              text: () => "chance",
              textAnchor: "start",
              dx: 4,
              fill: "var(--wb-warning)"
            }),
            Plot.ruleY([0])
          ]
        })
    });
  };
  update(null);
  return extend(frame, {update});
}
