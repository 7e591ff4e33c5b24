import type {AgreementRow, AgreementScore} from "./agreement-chart.js";
import {h} from "./dom.js";

/** On which held-out data sets principal components classify better, and on which the model does, with low-variance sampling. */
export function agreementWords(rows: readonly SizedRow[], {measure}: {measure: keyof AgreementScore}): HTMLElement {
  const name = measure === "accuracy" ? "accuracy" : "macro recall";
  const held = rows.filter(({heldOut}) => heldOut);
  const behind = held.filter(({components, lowVariance}) => components[measure] > lowVariance[measure]);
  const ahead = held.filter((row) => !behind.includes(row));
  const score = ({name, lowVariance, components}: SizedRow) =>
    `${name} (${lowVariance[measure].toFixed(2)} against ${components[measure].toFixed(2)})`;
  const list = (some: readonly SizedRow[]) => some.map(score).join("; ");
  const few = ahead.every(({cells}) => cells <= 100)
    ? " That is 100 cells: a difference of a few cells, and few principal components can be learned from so little."
    : "";
  return h(
    "div",
    {},
    h(
      "p",
      {},
      h("strong", {}, "Where PCA wins. "),
      `By ${name}, with low-variance sampling, principal components are better on ${behind.length} of ${held.length} held-out sets: ${list(behind)}.`
    ),
    h(
      "p",
      {},
      h("strong", {}, "Where the model wins. "),
      ahead.length === 0 ? "On none of them." : `${list(ahead)}.${few}`
    )
  );
}

/** A row of the chart, with its number of cells. */
interface SizedRow extends AgreementRow {
  cells: number;
}
