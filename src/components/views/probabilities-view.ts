import * as Plot from "npm:@observablehq/plot";
import type {CellSteps} from "../core/cells/cell-steps.js";
import {effectiveGenes} from "../core/cells/effective-genes.js";
import {extend, h, setText} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatCount, formatInteger, formatNumber, formatShare, formatShareInColumn} from "./format.js";
import {pagedTable} from "./paged-table.js";

/** One cell's genes from counts to probabilities; null empties it. */
export type ProbabilitiesView = HTMLElement & {update(steps: CellSteps | null, waiting?: string): void};

const height = 270;

/** The genes of a cell by probability, each with count, log1p and probability as bars, and how steeply the three fall from the first gene to the last. */
export function probabilitiesView(steps: CellSteps | null = null, waiting = ""): ProbabilitiesView {
  let cell: CellSteps | null = null;
  let most = {count: 1, log: 1, probability: 1, logged: 1};
  const summary = h("p", {class: "wb-align-summary"});
  const table = pagedTable<number>(
    [
      {name: "Gene", cell: (gene) => h("code", {}, cell!.symbols[gene])},
      {name: "Count", cell: (gene) => bar(cell!.counts[gene], most.count, formatNumber(cell!.counts[gene]), 1)},
      {name: "log(1 + count)", cell: (gene) => bar(cell!.logs[gene], most.log, cell!.logs[gene].toFixed(3), 2)},
      {
        name: "Probability",
        cell: (gene) =>
          bar(cell!.probabilities[gene], most.probability, formatShareInColumn(cell!.probabilities[gene]), 3)
      },
      {
        name: "Probability, if log-normalized",
        cell: (gene) =>
          bar(
            cell!.probabilitiesIfLogged[gene],
            most.probability,
            formatShareInColumn(cell!.probabilitiesIfLogged[gene]),
            4
          )
      }
    ],
    {title: "Genes of the cell, most probable first", size: 12, empty: "no gene with a count that the model knows"}
  );
  const curve = figureFrame({height});
  const root = h("section", {class: "wb-probabilities"}, summary, table, curve);
  const update = (next: CellSteps | null, why = ""): void => {
    cell = next;
    if (next === null || next.status !== "ok") {
      setText(
        summary,
        next === null
          ? ""
          : (next.fault ??
              "This cell has no counts on genes that the model knows: it has no distribution and gets no vector.")
      );
      table.update([]);
      return curve.update(null, why);
    }
    const {probabilities, counts, logs, probabilitiesIfLogged, symbols} = next;
    const largest = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => Math.max(a, b), 0);
    most = {
      count: largest(counts),
      log: largest(logs),
      probability: Math.max(largest(probabilities), largest(probabilitiesIfLogged)),
      logged: 0
    };
    const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
    const top = order[0];
    setText(
      summary,
      `${formatCount(symbols.length, "gene")} of the model ${symbols.length === 1 ? "has" : "have"} counts here. The most probable, ${symbols[top]}, has ${formatShare(counts[top] / next.alignedCounts)} of the counts and ${formatShare(probabilities[top])} of the probability.`
    );
    table.update(order);
    curve.update(curveOf(next));
  };
  update(steps, waiting);
  return extend(root, {update});
}

function bar(value: number, most: number, text: string, color: number): HTMLElement {
  return h(
    "div",
    {class: "wb-valuebar"},
    h("i", {
      "aria-hidden": "true",
      style: `width: ${most > 0 ? (100 * value) / most : 0}%; background: var(--workbook-category-${color})`
    }),
    h("span", {}, text)
  );
}

/** Cumulative shares over genes from the most probable to the least probable: of counts, of probabilities, and of probabilities of logged input. */
function curveOf({counts, probabilities, probabilitiesIfLogged, alignedCounts}: CellSteps) {
  const shares = [
    {
      name: "share of counts",
      values: Float64Array.from(counts, (count) => count / alignedCounts),
      color: "var(--workbook-category-1)",
      dash: "2 3"
    },
    {name: "probability", values: Float64Array.from(probabilities), color: "var(--workbook-category-3)", dash: ""},
    {
      name: "probability, if log-normalized",
      values: Float64Array.from(probabilitiesIfLogged),
      color: "var(--workbook-category-4)",
      dash: "7 4"
    }
  ];
  const lines = shares.map(({values, ...rest}) => {
    const sorted = values.slice().sort().reverse();
    let sum = 0;
    const points = Array.from(sorted, (value, i) => ({rank: i + 1, share: (sum += value)}));
    const half = points.findIndex(({share}) => share >= 0.5) + 1;
    return {...rest, points: thinned([{rank: 0, share: 0}, ...points], 400), half, effective: effectiveGenes(values)};
  });
  const distance =
    probabilities.reduce((sum, probability, i) => sum + Math.abs(probability - probabilitiesIfLogged[i]), 0) / 2;
  const [ofCounts, own, logged] = lines;
  const halves =
    `Half of the counts are on ${formatInteger(ofCounts.half)} genes, half of the probability is on ${formatInteger(own.half)}, ` +
    `and on ${formatInteger(logged.half)} if the file were log-normalized.`;
  return {
    title: "What share the most probable genes have together",
    label: `Cumulative share over genes, the most probable first. ${halves}`,
    caption: `${halves} Effective number of genes: ${formatNumber(ofCounts.effective)}, ${formatNumber(own.effective)} and ${formatNumber(logged.effective)}. Log-normalizing first would move ${formatShare(distance)} of the probability to other genes.`,
    draw: (width: number): Element => {
      const chart = Plot.plot({
        width,
        height: 240,
        marginLeft: 52,
        marginTop: 28,
        marginBottom: 38,
        x: {
          label: "number of genes, the most probable first",
          labelAnchor: "center",
          labelArrow: "none",
          ticks: Math.max(3, Math.round(width / 120))
        },
        y: {
          label: "share of these genes together",
          labelArrow: "none",
          tickFormat: (value: number) => `${formatNumber(value * 100)} %`,
          grid: true,
          domain: [0, 1],
          ticks: 5
        },
        marks: lines.map(({points, color, dash}) =>
          Plot.lineY(points, {x: "rank", y: "share", stroke: color, strokeWidth: 2, strokeDasharray: dash})
        )
      });
      const words = lines.map(({name, color, dash}) =>
        h(
          "span",
          {class: "wb-swatchword"},
          h("i", {
            class: "wb-swatchline",
            style: `border-top: 3px ${dash === "" ? "solid" : dash.startsWith("2") ? "dotted" : "dashed"} ${color}`
          }),
          name
        )
      );
      return h("div", {}, h("div", {class: "wb-swatchwords", "aria-hidden": "true"}, words), chart);
    }
  };
}

function thinned<T>(points: T[], most: number): T[] {
  const step = Math.ceil(points.length / most);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
