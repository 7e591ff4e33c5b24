import * as Plot from "npm:@observablehq/plot";
import {expectedGenes} from "../core/embed/expected-genes.js";
import type {CellExpression} from "../core/pipeline/cell-expression.js";
import type {RocCurve} from "../core/space/roc-curve.js";
import {extend, h} from "./dom.js";
import {formatCount, formatInteger, formatNumber, formatShare} from "./format.js";
import {quietMarks} from "./quiet-marks.js";

/** What the view shows: one cell's expectation, and what the cell is called. */
export interface ExpressionViewData {
  expression: CellExpression;
  /** Name of the cell, and what is known of it ("simulated-014, astrocyte"). */
  cell: string;
}

/** What the model expects of a cell; null empties it, with a word about why. */
export type ExpressionView = HTMLElement & {update(data: ExpressionViewData | null, waiting?: string): void};

const genesShown = 10;
const chartSize = 300;

/**
 * The genes that the model expects of one cell beside those that were counted: most expected, expected and not counted, counted
 * and least expected; and the ROC curve of all genes, with that of the genes' detection rate in the other cells.
 */
export function expressionView(data: ExpressionViewData | null = null, waiting = ""): ExpressionView {
  const root = h("section", {class: "wb-expression", "aria-label": "Genes that the model expects"});
  const update = (next: ExpressionViewData | null, why = ""): void =>
    root.replaceChildren(...(next === null ? [h("p", {class: "wb-small", role: "status"}, why)] : content(next)));
  update(data, waiting);
  return extend(root, {update});
}

function content({expression, cell}: ExpressionViewData): Element[] {
  const {counts, probabilities, otherCells} = expression;
  const counted = counts.reduce((sum, count) => sum + Number(count > 0), 0);
  const {expected, absent, unexpected} = expectedGenes(probabilities, counts, genesShown);
  const list = (title: string, note: string, genes: number[]) => geneTable(expression, title, note, genes);
  return [
    h(
      "p",
      {class: "wb-expression-verdict", role: "status"},
      `${cell}: ${formatInteger(counted)} of ${formatCount(counts.length, "gene")} that the model knows were counted. ${verdict(expression)}`
    ),
    h(
      "div",
      {class: "wb-expression-grid"},
      rocFigure(expression),
      list("Most expected", "Genes that the model holds likeliest, counted or not.", expected),
      list(
        "Expected, not counted",
        "Likely according to the model, but without a count here. They may still be expressed: a droplet catches only a small part of a cell's molecules.",
        absent
      ),
      list(
        "Counted, least expected",
        "Counted here although the model rates them unlikely: noise, ambient RNA, a second cell in the droplet, or something that it has not learned.",
        unexpected
      )
    ),
    h(
      "p",
      {class: "wb-small"},
      `Expectation is the head's output σ(MLP[cell, gene]) in per cent. It was trained on as many expressed as silent genes, so read the order of genes rather than the number. "In others" is the share of the run's other ${formatCount(otherCells, "cell")} in which the gene was counted.`
    )
  ];
}

function verdict({auroc, baselineAuroc}: CellExpression): string {
  if (Number.isNaN(auroc)) return "All of them or none: there is nothing to tell apart.";
  const head = `The model puts a counted gene above one not counted in ${formatShare(auroc)} of pairs`;
  if (Number.isNaN(baselineAuroc)) return `${head}.`;
  return `${head}; the detection rate in the other cells does so in ${formatShare(baselineAuroc)}.`;
}

function rocFigure({auroc, baselineAuroc, curve, baselineCurve}: CellExpression): Element {
  const lines = [
    {name: "model", area: auroc, color: "var(--wb-accent)", dash: undefined, points: pointsOf(curve)},
    {
      name: "detection in other cells",
      area: baselineAuroc,
      color: "var(--workbook-category-2)",
      dash: "5 3",
      points: pointsOf(baselineCurve)
    }
  ].filter(({points}) => points.length > 0);
  const areas = lines.map(({name, area}) => `${name} ${area.toFixed(3)}`).join(", ");
  const chart = Plot.plot({
    width: chartSize,
    height: chartSize,
    marginLeft: 60,
    marginBottom: 40,
    marginTop: 12,
    marginRight: 12,
    x: {
      domain: [0, 1],
      label: "share of genes not counted",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 5,
      tickFormat: percent
    },
    y: {
      domain: [0, 1],
      label: "share of counted genes",
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: 54,
      ticks: 5,
      tickFormat: percent,
      grid: true
    },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1]
        ],
        {stroke: "var(--wb-quiet)", strokeDasharray: "1 3"}
      ),
      ...lines.map(({points, color, dash}) => Plot.line(points, {stroke: color, strokeWidth: 2, strokeDasharray: dash}))
    ]
  });
  quietMarks(chart).setAttribute("role", "img");
  chart.setAttribute("aria-label", `ROC curve. Area under the curve: ${areas || "not defined"}.`);
  const key = lines.map(({name, area, color, dash}) =>
    h(
      "li",
      {},
      h("i", {style: `border-top: 2px ${dash === undefined ? "solid" : "dashed"} ${color}`, "aria-hidden": "true"}),
      `${name}: area ${area.toFixed(3)}`
    )
  );
  return h(
    "figure",
    {class: "wb-expression-roc"},
    h("h4", {}, "Counted or not, by expectation"),
    h("ul", {class: "wb-expression-key"}, key),
    h("div", {style: `min-height: ${chartSize}px`}, chart),
    h(
      "figcaption",
      {class: "wb-small"},
      "Down the list from the most expected gene: a step up for each gene that was counted, a step right for each that was not. The area is the share of pairs in the right order: 0.5 is guessing, 1 perfect."
    )
  );
}

function pointsOf({falsePositiveRate, truePositiveRate}: RocCurve): [number, number][] {
  return Array.from(falsePositiveRate, (x, i) => [x, truePositiveRate[i]]);
}

function percent(share: number): string {
  return `${formatNumber(share * 100)} %`;
}

function geneTable(
  {symbols, probabilities, counts, detection}: CellExpression,
  title: string,
  note: string,
  genes: number[]
): Element {
  const row = (gene: number) =>
    h(
      "tr",
      {},
      h("th", {scope: "row"}, symbols[gene]),
      h(
        "td",
        {class: "wb-number wb-expression-bar", style: `--share: ${probabilities[gene].toFixed(3)}`},
        percentWhole(probabilities[gene])
      ),
      h("td", {class: "wb-number"}, formatNumber(counts[gene])),
      h("td", {class: "wb-number"}, Number.isNaN(detection[gene]) ? "–" : percentWhole(detection[gene]))
    );
  const heading = (name: string, unit: string) =>
    h("th", {scope: "col", class: "wb-number"}, name, h("span", {class: "wb-type"}, unit));
  return h(
    "div",
    {},
    h(
      "table",
      {class: "wb-table"},
      h("caption", {}, title),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", {scope: "col"}, "gene"),
          heading("expected", "%"),
          heading("counted", "counts"),
          heading("in others", "% of cells")
        )
      ),
      h("tbody", {}, genes.length === 0 ? [h("tr", {}, h("td", {colspan: 4}, "none"))] : genes.map(row))
    ),
    h("p", {class: "wb-small"}, note)
  );
}

/** A share as whole per cent; one that is neither nothing nor all never reads as 0 or 100. */
function percentWhole(share: number): string {
  if (share > 0 && share < 0.005) return "< 1";
  return share < 1 && share >= 0.995 ? "> 99" : (100 * share).toFixed(0);
}
