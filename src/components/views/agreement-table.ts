import type {AgreementFigures} from "../core/pipeline/trust-scores.js";
import {isBatchColumn} from "../core/tables/batch-column.js";
import {h} from "./dom.js";
import {formatCount, formatInteger, formatScore} from "./format.js";

/** What `agreementTable` shows. */
export interface AgreementData {
  column: string;
  count: number;
  /** Types that have cells. */
  types: number;
  /** Share of the largest type. */
  majority: number;
  model: AgreementFigures;
  components: AgreementFigures;
  nComponents: number;
  /** What is special about the neighbors that vote ("from other batches only"); none by default. */
  voters?: string;
}

/**
 * Accuracy and macro recall with their standard errors: the model, principal components, and always naming the largest type; with what chance
 * can do. Of a column that looks like a batch by its name, it says that agreement is separation.
 */
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
  const row = (name: string, ...figures: string[]) =>
    h(
      "tr",
      {},
      h("th", {scope: "row"}, name),
      figures.map((figure) => h("td", {class: "wb-number"}, figure))
    );
  const scored = (name: string, {accuracy, accuracyError, macroRecall, macroRecallError}: AgreementFigures) =>
    row(
      name,
      formatScore(accuracy, accuracyError, {decimals: 3}),
      formatScore(macroRecall, macroRecallError, {decimals: 3})
    );
  const isBatch = isBatchColumn(column);
  const error = model.accuracyError;
  const apart = Math.abs(model.accuracy - components.accuracy);
  const isModelMore = model.accuracy > components.accuracy;
  const standing =
    apart <= 2 * error
      ? "The two differ by no more than chance can do."
      : isBatch
        ? `${isModelMore ? "The model separates" : "Principal components separate"} cells by ${column} more.`
        : `${isModelMore ? "The model is" : "Principal components are"} ahead.`;
  const warning = isBatch
    ? ` ${column} looks like a batch by its name: high agreement with a batch means that cells are separated by batch.`
    : "";
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
        scored("vectors of this model", model),
        scored(`${nComponents} principal components`, components),
        row("(always the largest type)", majority.toFixed(3), (1 / types).toFixed(3))
      )
    ),
    h(
      "p",
      {class: "wb-small"},
      `n = ${formatCount(count, "cell")} of ${formatInteger(types)} types. ± is one standard error, from the number of cells. ${standing}${warning}`
    )
  );
}
