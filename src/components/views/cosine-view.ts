import * as Plot from "npm:@observablehq/plot";
import type {CosineHistogram} from "../core/space/cosine-histogram.js";
import type {VectorSpread} from "../core/space/vector-spread.js";
import {extend, h} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatInteger, formatNumber} from "./format.js";
import {isCollapsed, verdictOf} from "./vector-verdict.js";

/** Lengths and directions of some vectors. */
export interface CosineViewData {
  spread: VectorSpread;
  cosines: CosineHistogram;
  /** Cells whose pairs were compared. */
  asked: number;
  /** Column that says which cells are alike; null for none. */
  column: string | null;
}

/** The figure; null shows `waiting`. */
export type CosineView = HTMLElement & {update(data: CosineViewData | null, waiting?: string): void};

const height = 240;
/** Cosines of pairs of cells as a histogram, of one kind and of two kinds; what it says of a collapse, and the lengths. */
export function cosineView(): CosineView {
  const frame = figureFrame({height: height + 10});
  const verdict = h("p", {class: "wb-verdict-line", role: "status"});
  const root = h("div", {class: "wb-cosines"}, frame, verdict);
  const update = (data: CosineViewData | null, waiting = ""): void => {
    if (data === null) {
      verdict.textContent = "";
      return frame.update(null, waiting);
    }
    const {spread, cosines, asked, column} = data;
    const split = column !== null && cosines.pairs.within > 0 && cosines.pairs.between > 0;
    const kinds = split ? (["between", "within"] as const) : (["all"] as const);
    const name = {all: "all pairs", within: `same ${column}`, between: `different ${column}`};
    const color = {
      all: "var(--workbook-category-5)",
      within: "var(--workbook-category-2)",
      between: "var(--workbook-category-1)"
    };
    const bins = cosines.all.length;
    const bars = kinds.flatMap((kind) =>
      Array.from(cosines[kind], (n, i) => ({
        kind,
        from: -1 + (2 * i) / bins,
        to: -1 + (2 * (i + 1)) / bins,
        share: n / cosines.pairs[kind]
      }))
    );
    const seen = bars.filter(({share}) => share > 0);
    const first = Math.min(-0.2, ...seen.map(({from}) => from));
    frame.update({
      title: "How alike pairs of cells are: cosine of their vectors",
      caption:
        `All ${formatInteger(cosines.pairs.all)} pairs of ${formatInteger(asked)} cells; each kind of pair adds up to 100 %. Dashed: the means, ` +
        `${kinds.map((kind) => `${name[kind]} ${cosines.mean[kind].toFixed(2)}`).join(", ")}.`,
      label: `Histogram of the cosines of pairs of cells: ${kinds.map((kind) => `${name[kind]}, mean ${formatNumber(cosines.mean[kind], 2)}`).join("; ")}.`,
      draw: (width) =>
        h(
          "div",
          {},
          h(
            "div",
            {class: "wb-linekey", "aria-hidden": "true"},
            kinds.map((kind) =>
              h(
                "span",
                {style: `--wb-light: ${color[kind]}; --wb-dark: ${color[kind]}`},
                h("i", {class: "wb-swatch"}),
                name[kind]
              )
            )
          ),
          Plot.plot({
            width,
            height,
            marginLeft: 50,
            marginTop: 22,
            marginBottom: 42,
            x: {label: "cosine (no unit) →", domain: [first, 1], ticks: width < 500 ? 5 : 9},
            y: {label: "↑ share of pairs, %", percent: true, grid: true, ticks: 5},
            marks: [
              Plot.rectY(bars, {
                x1: "from",
                x2: "to",
                y1: 0,
                y2: "share",
                fill: ({kind}: {kind: keyof typeof color}) => color[kind],
                fillOpacity: 0.55,
                inset: 0,
                clip: true
              }),
              Plot.ruleX(kinds, {
                x: (kind: keyof typeof color) => cosines.mean[kind],
                stroke: (kind: keyof typeof color) => color[kind],
                strokeWidth: 2,
                strokeDasharray: "5 3"
              }),
              Plot.ruleY([0])
            ]
          })
        )
    });
    verdict.dataset.collapsed = String(isCollapsed(spread.meanCosine));
    verdict.textContent = verdictOf(spread);
  };
  update(null);
  return extend(root, {update});
}
