import * as Plot from "@observablehq/plot";
import type {CellSteps} from "../core/cells/cell-steps.js";
import {effectiveGenes} from "../core/cells/effective-genes.js";
import {extend, h, setText} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatCount, formatInteger, formatNumber, formatShare, formatShareInColumn} from "./format.js";
import {pagedTable} from "./paged-table.js";

/** One cell's genes from counts to weights; null empties it. */
export type WeightsView = HTMLElement & {update(steps: CellSteps | null, waiting?: string): void};

const height = 270;

/** The genes of a cell by weight, each with count, log1p and weight as bars, and how steeply the three fall from the first gene to the last. */
export function weightsView(steps: CellSteps | null = null, waiting = ""): WeightsView {
  let cell: CellSteps | null = null;
  let most = {count: 1, log: 1, weight: 1, logged: 1};
  const summary = h("p", {class: "wb-align-summary"});
  const table = pagedTable<number>(
    [
      {name: "Gene", cell: (gene) => h("code", {}, cell!.symbols[gene])},
      {name: "Count", cell: (gene) => bar(cell!.counts[gene], most.count, formatNumber(cell!.counts[gene]), 1)},
      {name: "log(1 + count)", cell: (gene) => bar(cell!.logs[gene], most.log, cell!.logs[gene].toFixed(3), 2)},
      {
        name: "Weight",
        cell: (gene) => bar(cell!.weights[gene], most.weight, formatShareInColumn(cell!.weights[gene]), 3)
      },
      {
        name: "Weight, had it been logged before",
        cell: (gene) =>
          bar(cell!.weightsIfLogged[gene], most.weight, formatShareInColumn(cell!.weightsIfLogged[gene]), 4)
      }
    ],
    {title: "Genes of the cell, heaviest first", size: 12, empty: "no gene with a count that the model knows"}
  );
  const curve = figureFrame({height});
  const root = h("section", {class: "wb-weights"}, summary, table, curve);
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
    const {weights, counts, logs, weightsIfLogged, symbols} = next;
    const largest = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => Math.max(a, b), 0);
    most = {
      count: largest(counts),
      log: largest(logs),
      weight: Math.max(largest(weights), largest(weightsIfLogged)),
      logged: 0
    };
    const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a] || a - b);
    const top = order[0];
    setText(
      summary,
      `${formatCount(symbols.length, "gene")} of the model ${symbols.length === 1 ? "has" : "have"} counts here. The heaviest, ${symbols[top]}, has ${formatShare(counts[top] / next.alignedCounts)} of the counts and ${formatShare(weights[top])} of the weight.`
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

/** Cumulative shares over genes from the heaviest to the lightest: of counts, of weights, and of weights of logged input. */
function curveOf({counts, weights, weightsIfLogged, alignedCounts}: CellSteps) {
  const shares = [
    {
      name: "share of counts",
      values: Float64Array.from(counts, (count) => count / alignedCounts),
      color: "var(--workbook-category-1)",
      dash: "2 3"
    },
    {name: "weight", values: Float64Array.from(weights), color: "var(--workbook-category-3)", dash: ""},
    {
      name: "weight, had it been logged before",
      values: Float64Array.from(weightsIfLogged),
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
  const distance = weights.reduce((sum, weight, i) => sum + Math.abs(weight - weightsIfLogged[i]), 0) / 2;
  const halves = lines.map(({name, half}) => `${name}: ${formatInteger(half)}`).join("; ");
  return {
    title: "How much the heaviest genes hold",
    label: `Cumulative share by genes from the heaviest on. Genes that hold half: ${halves}.`,
    caption: `Genes that hold half of the total: ${halves}. Effective number of genes (exponential of the entropy): ${lines.map(({name, effective}) => `${name} ${formatNumber(effective)}`).join(", ")}. Between the two kinds of weight, ${formatShare(distance)} of the probability moves to other genes.`,
    draw: (width: number): Element => {
      const chart = Plot.plot({
        width,
        height: 240,
        marginLeft: 52,
        marginTop: 28,
        marginBottom: 38,
        x: {
          label: "genes, heaviest first",
          labelAnchor: "center",
          labelArrow: "none",
          ticks: Math.max(3, Math.round(width / 120))
        },
        y: {
          label: "share held so far",
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
