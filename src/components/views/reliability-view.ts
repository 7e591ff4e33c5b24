import * as Plot from "npm:@observablehq/plot";
import type {LabelCalibration} from "../core/reference/calibrate-labels.js";
import {extend, h} from "./dom.js";
import {figureFrame} from "./figure-frame.js";
import {formatCount, formatInteger, formatShare} from "./format.js";

type HeldOut = LabelCalibration["heldOut"];

/** How often the stated confidence came true on held-out cells of a reference. */
export interface ReliabilityData {
  reference: string;
  by: string;
  heldOut: HeldOut;
}

/** A reliability diagram, and what each label does when the reference lacks it. Made once; null shows `waiting`. */
export type ReliabilityView = HTMLElement & {update(data: ReliabilityData | null, waiting?: string): void};

const height = 340;

/** Dots on the diagonal are confidences that came true as often as they said; a larger dot is more cells. */
export function reliabilityView(): ReliabilityView {
  const frame = figureFrame({height});
  const table = h("div");
  return extend(h("div", {class: "wb-reliability"}, frame, table), {
    update(data: ReliabilityData | null, waiting = "") {
      const known = data !== null && data.heldOut.reliability.length > 0;
      const why = data === null ? waiting : `${data.reference} was made before such figures were kept: make it again.`;
      frame.update(known ? content(data) : null, why);
      table.replaceChildren(...(data === null ? [] : [labelTable(data.heldOut)]));
    }
  });
}

function content({reference, by, heldOut}: ReliabilityData) {
  const {cells, unknown, accuracy, calibrationError} = heldOut;
  const found = `Expected calibration error ${calibrationError.toFixed(3)}: so far is the stated confidence from the share that was right, on average. ${percent(unknown)} were called unknown, ${percent(accuracy)} of the others were right.`;
  return {
    title: "Stated against right",
    label: `Share of labels that were right against the stated confidence. ${found}`,
    caption: `${formatCount(cells, "held-out cell")} of ${reference}, labels ${by}, in tenths of the stated confidence; a larger dot is more cells. Dots above the line: right more often than stated. ${found}`,
    draw: (width: number) => draw(heldOut, width)
  };
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function draw({reliability}: HeldOut, width: number): Element {
  const bins = reliability.flatMap(({cases, stated, right}) =>
    cases === 0 ? [] : [{cases, stated: stated!, right: right!}]
  );
  const axis = {
    domain: [0, 1],
    ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
    labelAnchor: "center" as const,
    labelArrow: "none" as const,
    grid: true
  };
  return Plot.plot({
    width: Math.min(width, 440),
    height,
    marginLeft: 48,
    marginBottom: 40,
    x: {...axis, label: "stated confidence"},
    y: {...axis, label: "share that was right"},
    r: {type: "sqrt", domain: [0, Math.max(...bins.map(({cases}) => cases))], range: [0, 14]},
    marks: [
      Plot.link([0], {x1: 0, y1: 0, x2: 1, y2: 1, stroke: "currentColor", strokeOpacity: 0.4, strokeDasharray: "4,4"}),
      Plot.dot(bins, {
        x: "stated",
        y: "right",
        r: (bin: {cases: number}) => Math.max(bin.cases, 1),
        fill: "var(--wb-accent)",
        fillOpacity: 0.75,
        stroke: "var(--theme-background)",
        title: ({cases, stated, right}: (typeof bins)[number]) =>
          `${formatCount(cases, "cell")}\nstated ${stated.toFixed(2)}, right ${right.toFixed(2)}`
      })
    ]
  });
}

function labelTable({labels}: HeldOut): HTMLElement {
  const head = ["label", "held-out cells", "recall", "unknown if the reference lacks it"];
  return h(
    "table",
    {class: "wb-label-table"},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((name, i) => h("th", {scope: "col", class: i === 0 ? "" : "wb-number"}, name))
      )
    ),
    h(
      "tbody",
      {},
      labels.map(({name, cells, recall, unknownIfMissing}) =>
        h(
          "tr",
          {},
          h("th", {scope: "row"}, name),
          h("td", {class: "wb-number"}, formatInteger(cells)),
          h("td", {class: "wb-number"}, formatShare(recall)),
          h("td", {class: "wb-number"}, formatShare(unknownIfMissing))
        )
      )
    )
  );
}
