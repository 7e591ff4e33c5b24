import * as Plot from "npm:@observablehq/plot";
import type {CellSteps} from "../core/cells/cell-steps.js";
import {drawBand} from "../core/cells/draw-band.js";
import {drawnGroups, type DrawnGroup} from "../core/cells/drawn-genes.js";
import {extend, h} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatCount, formatInteger, formatNumber, formatShare} from "./format.js";
import {noSentence} from "./no-sentence.js";

/** How often genes were drawn beside how often they were expected; null empties it. */
export type DrawnView = HTMLElement & {update(steps: CellSteps | null, waiting?: string): void};

const height = 320;

/** A dot for genes of one probability that were drawn equally often, its area the number of genes, over the band of chance. */
export function drawnView(steps: CellSteps | null = null, waiting = ""): DrawnView {
  const frame = figureFrame({height});
  const update = (next: CellSteps | null, why = ""): void =>
    frame.update(next?.sentence == null ? null : content(next), next === null ? why : noSentence(next));
  update(steps, waiting);
  return extend(h("div", {}, frame), {update});
}

function content(steps: CellSteps) {
  const {sampling, draws} = steps.sentence!;
  const {groups, within, distinct} = drawnGroups(steps);
  const band =
    sampling === "reference"
      ? "the band that holds 95 % of a binomial distribution"
      : "the two whole numbers beside the expected one";
  const found = `${formatInteger(distinct)} of ${formatCount(steps.probabilities.length, "gene")} with counts were drawn, ${formatInteger(draws.length - distinct)} draws are repeats; ${formatShare(within)} of the genes lie within ${band}.`;
  return {
    title: "Drawn against expected",
    label: `Times drawn against times expected for each gene. ${found}`,
    caption: `Times that each gene was drawn against its expected number, probability × ${formatInteger(draws.length)}; a larger dot is more genes. Shaded: ${band}. ${found}`,
    draw: (width: number) => draw(groups, draws.length, sampling, width)
  };
}

function draw(
  groups: readonly DrawnGroup[],
  draws: number,
  sampling: "reference" | "low-variance",
  width: number
): Element {
  const most = groups.reduce((largest, {expected}) => Math.max(largest, expected), 1) * 1.03;
  const grid = Array.from({length: 400}, (_, i) => {
    const expected = (most * i) / 399;
    return {expected, ...drawBand(expected / draws, draws, sampling)};
  });
  const highest = groups.reduce((largest, {drawn}) => Math.max(largest, drawn), grid.at(-1)!.high);
  const describe = ({expected, drawn, genes, examples}: DrawnGroup): string =>
    `${examples.join(", ")}${genes > examples.length ? ` and ${formatInteger(genes - examples.length)} more` : ""}\nexpected ${formatNumber(expected)}, drawn ${drawn} times`;
  const chart = Plot.plot({
    width,
    height,
    marginLeft: 48,
    marginBottom: 40,
    marginTop: 20,
    x: {
      label: "times expected",
      labelAnchor: "center",
      labelArrow: "none",
      domain: [0, most],
      ticks: Math.max(3, Math.round(width / 110))
    },
    y: {
      label: "times drawn",
      labelArrow: "none",
      domain: [0, highest + 0.6],
      grid: true,
      ticks: Math.min(8, highest),
      tickFormat: (value: number) => (Number.isInteger(value) ? String(value) : "")
    },
    r: {
      type: "sqrt",
      domain: [1, Math.max(30, ...groups.map(({genes}) => genes))],
      range: [2.2, Math.min(18, width / 40)]
    },
    marks: [
      Plot.areaY(grid, {
        x: "expected",
        y1: "low",
        y2: "high",
        fill: "var(--wb-accent)",
        fillOpacity: 0.14,
        curve: "step"
      }),
      Plot.line(
        [
          [0, 0],
          [most, most]
        ],
        {stroke: "var(--wb-quiet)", strokeDasharray: "4 3", clip: true}
      ),
      Plot.dot(groups, {
        x: "expected",
        y: "drawn",
        r: "genes",
        fill: (group: DrawnGroup) => (group.within ? "var(--wb-accent)" : "var(--workbook-category-2)"),
        fillOpacity: 0.65,
        stroke: "var(--theme-background)",
        strokeWidth: 0.5,
        tip: width > 480,
        title: describe
      })
    ],
    color: {type: "identity"}
  });
  const swatch = (color: string, name: string) =>
    h("span", {class: "wb-swatchword"}, h("i", {style: `background: ${color}`}), name);
  return h(
    "div",
    {},
    h(
      "div",
      {class: "wb-swatchwords", "aria-hidden": "true"},
      swatch("var(--wb-accent)", "within the band"),
      swatch("var(--workbook-category-2)", "outside it")
    ),
    chart
  );
}
