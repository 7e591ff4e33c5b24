import type {AgreementFigures, ScoreSummary} from "../core/pipeline/trust-scores.js";
import {isBatchColumn} from "../core/tables/batch-column.js";
import {extend, h} from "./dom.js";
import {formatInteger, formatScore} from "./format.js";
import {optimisticWords} from "./optimistic-words.js";

/** A small table of scores; null takes it away, but for words about what is being computed. */
export type ScoreCard = HTMLElement & {update(scores: ScoreSummary | null, waiting?: string): void};

/**
 * How well neighbors agree on a label, with standard errors: the model beside principal components of the same cells, and the share of the
 * largest group. `model` is what the model is called ("this model"). Of a column that looks like a batch by its name it asks how far batches are apart, for which agreement is no praise.
 */
export function scoreCard({model: modelName = "this model"}: {model?: string} = {}): ScoreCard {
  const root = h("section", {class: "wb-score", "aria-label": "Label agreement", hidden: true});
  const update = (scores: ScoreSummary | null, waiting = ""): void => {
    root.hidden = scores === null && waiting === "";
    if (scores === null) return root.replaceChildren(h("p", {class: "wb-small", role: "status"}, waiting));
    const {column, cells, classes, majority, model, components, trained} = scores;
    const row = (name: string, ...figures: string[]) =>
      h(
        "tr",
        {},
        h("th", {scope: "row"}, name),
        figures.map((figure) => h("td", {class: "wb-number"}, figure))
      );
    const scored = (name: string, {accuracy, accuracyError, macroRecall, macroRecallError}: AgreementFigures) =>
      row(name, formatScore(accuracy, accuracyError), formatScore(macroRecall, macroRecallError));
    const isBatch = isBatchColumn(column);
    const parts = [
      h(
        "table",
        {class: "wb-table"},
        h(
          "caption",
          {},
          isBatch ? `Does ${column} separate the cells?` : `Do the 5 nearest neighbors agree on ${column}?`
        ),
        h(
          "thead",
          {},
          h("tr", {}, h("td"), h("th", {scope: "col"}, "accuracy"), h("th", {scope: "col"}, "macro recall"))
        ),
        h(
          "tbody",
          {},
          scored(modelName, model),
          scored("30 principal components", components),
          row("(always the largest group)", majority.toFixed(2), (1 / classes).toFixed(2))
        )
      ),
      trained === null ? null : h("p", {class: "wb-small wb-trained"}, optimisticWords(trained)),
      isBatch ? h("p", {class: "wb-small"}, batchWords(column)) : null,
      h(
        "p",
        {class: "wb-small"},
        `${formatInteger(cells)} cells, ${classes} groups; each cell is classified by the vote of its 5 nearest others (cosine), among the vectors and not on the map. ± is one standard error: other cells of the same kind would give another score.`
      )
    ];
    root.replaceChildren(...parts.filter((part) => part !== null));
  };
  return extend(root, {update});
}

/** What scores of a batch column mean. */
function batchWords(column: string): string {
  return `${column} looks like a batch by its name. High agreement with a batch means that cells are separated by batch; where batches mix, scores are near those of the largest group. A batch may be biology, as donors differ.`;
}
