import * as Plot from "npm:@observablehq/plot";
import {h} from "./dom.js";
import {figureFrame} from "./figure-frame.js";

/** How well neighbors classify the cells of a data set, 0 to 1. */
export interface AgreementScore {
  accuracy: number;
  macroRecall: number;
}

/** A data set, by models that never saw it or by the shipped one. */
export interface AgreementRow {
  name: string;
  heldOut: boolean;
  reference: AgreementScore;
  lowVariance: AgreementScore;
  components: AgreementScore;
}

const series = [
  {name: "30 principal components", of: "components", symbol: "times", sign: "✕", color: "var(--theme-foreground)"},
  {
    name: "model, low-variance sampling",
    of: "lowVariance",
    symbol: "circle",
    sign: "○",
    color: "var(--workbook-category-1)"
  },
  {
    name: "model, reference sampling",
    of: "reference",
    symbol: "triangle",
    sign: "△",
    color: "var(--workbook-category-2)"
  }
] as const;
const panels = {held: "Held out: models that never saw the set", trained: "Trained on: the shipped model"};
const panelOf = ({heldOut}: AgreementRow) => (heldOut ? "held" : "trained");
const height = 480;

/** Scores of models and principal components on each data set, held-out sets above. */
export function agreementChart(rows: readonly AgreementRow[], {measure}: {measure: keyof AgreementScore}): HTMLElement {
  const name = measure === "accuracy" ? "accuracy" : "macro recall";
  const frame = figureFrame({height});
  const key = series.map(({name, sign, color}) =>
    h("span", {}, h("span", {style: `color: ${color}; font-weight: 700`}, sign), ` ${name}`)
  );
  const words = rows.map((row) => {
    const scores = series.map(({name, of}) => `${name} ${row[of][measure].toFixed(2)}`).join(", ");
    return `${row.name}, ${row.heldOut ? "held out" : "trained on"}: ${scores}`;
  });
  frame.update({
    title: `5-NN ${name}`,
    caption: "",
    label: `5-NN ${name}. ${words.join(". ")}.`,
    draw: (width) => plot(rows, measure, name, width)
  });
  return h("div", {}, h("p", {class: "wb-small wb-card-key", "aria-hidden": "true"}, key), frame);
}

function plot(rows: readonly AgreementRow[], measure: keyof AgreementScore, name: string, width: number) {
  const values = (row: AgreementRow) => series.map(({of}) => row[of][measure]);
  const points = rows.flatMap((row) =>
    series.map(({name, of}) => ({name: row.name, series: name, value: row[of][measure], panel: panelOf(row)}))
  );
  const least = Math.min(...rows.flatMap(values));
  return Plot.plot({
    width,
    height,
    marginLeft: 150,
    marginRight: 16,
    marginTop: 34,
    marginBottom: 40,
    x: {
      label: `5-NN ${name}`,
      labelAnchor: "center",
      labelArrow: "none",
      domain: [Math.floor(10 * least) / 10, 1],
      grid: true,
      ticks: 5,
      insetRight: 6
    },
    y: {
      label: null,
      domain: rows.filter(({heldOut}) => heldOut).map(({name}) => name),
      tickFormat: (name: string) => name.replace(/ \(.*|, 100 cells.*/, "")
    },
    fy: {label: null, domain: Object.keys(panels), tickFormat: () => "", padding: 0.18},
    symbol: {domain: series.map(({name}) => name), range: series.map(({symbol}) => symbol)},
    color: {domain: series.map(({name}) => name), range: series.map(({color}) => color)},
    marks: [
      Plot.ruleY(rows, {
        y: "name",
        fy: panelOf,
        x1: (row: AgreementRow) => Math.min(...values(row)),
        x2: (row: AgreementRow) => Math.max(...values(row)),
        stroke: "var(--theme-foreground-fainter)"
      }),
      Plot.dot(points, {
        y: "name",
        fy: "panel",
        x: "value",
        symbol: "series",
        stroke: "series",
        strokeWidth: 2,
        r: 4.5
      }),
      Plot.text(Object.keys(panels), {
        fy: (panel: string) => panel,
        frameAnchor: "top-left",
        dx: -146,
        dy: -14,
        text: (panel: keyof typeof panels) => panels[panel],
        fontWeight: 600,
        fontSize: 12.5
      })
    ]
  });
}
