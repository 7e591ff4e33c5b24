import {h} from "./dom.js";
import {formatCount, formatInteger} from "./format.js";

/** Accuracy and macro recall of one rule. */
export interface AgreementNumbers {
  accuracy: number;
  macroRecall: number;
}

/** What `agreementTable` shows. */
export interface AgreementData {
  column: string;
  count: number;
  /** Types that have cells. */
  types: number;
  /** Share of the largest type. */
  majority: number;
  model: AgreementNumbers;
  components: AgreementNumbers;
  nComponents: number;
  /** What is special about the neighbors that vote ("from other batches only"); none by default. */
  voters?: string;
}

/** Accuracy and macro recall: the model, principal components, and always naming the largest type; with what chance can do. */
export function agreementTable({
  column,
  count,
  types,
  majority,
  model,
  components,
  nComponents,
  voters
}: AgreementData): HTMLElement {
  const row = (name: string, {accuracy, macroRecall}: AgreementNumbers) =>
    h(
      "tr",
      {},
      h("th", {scope: "row"}, name),
      h("td", {class: "wb-number"}, accuracy.toFixed(3)),
      h("td", {class: "wb-number"}, macroRecall.toFixed(3))
    );
  const error = Math.sqrt((model.accuracy * (1 - model.accuracy)) / count);
  const apart = Math.abs(model.accuracy - components.accuracy);
  const standing =
    apart <= 2 * error
      ? "The two differ by no more than chance can do."
      : model.accuracy > components.accuracy
        ? "The model is ahead."
        : "Principal components are ahead.";
  return h(
    "section",
    {class: "wb-agreement wb-figure-html"},
    h(
      "table",
      {class: "wb-table"},
      h("caption", {}, `Do the 5 nearest neighbors${voters === undefined ? "" : `, ${voters},`} agree on ${column}?`),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", {scope: "col"}, "neighbors among"),
          h("th", {scope: "col", class: "wb-number"}, "accuracy"),
          h("th", {scope: "col", class: "wb-number"}, "macro recall")
        )
      ),
      h(
        "tbody",
        {},
        row("vectors of this model", model),
        row(`${nComponents} principal components`, components),
        row("(always the largest type)", {accuracy: majority, macroRecall: 1 / types})
      )
    ),
    h(
      "p",
      {class: "wb-small"},
      `n = ${formatCount(count, "cell")} of ${formatInteger(types)} types. An accuracy from so many cells is uncertain by about ±${error.toFixed(3)} (standard error). ${standing}`
    )
  );
}
