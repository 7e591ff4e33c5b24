import type {ScoreSummary} from "../core/pipeline/trust-scores.js";
import {extend, h} from "./dom.js";
import {formatInteger} from "./format.js";

/** A small table of scores; null takes it away, but for words about what is being computed. */
export type ScoreCard = HTMLElement & {update(scores: ScoreSummary | null, waiting?: string): void};

/** How well neighbors agree on a label: the model beside principal components of the same cells, and the share of the largest group. */
export function scoreCard(): ScoreCard {
  const root = h("section", {class: "wb-score", "aria-label": "Label agreement", hidden: true});
  const update = (scores: ScoreSummary | null, waiting = ""): void => {
    root.hidden = scores === null && waiting === "";
    if (scores === null) return root.replaceChildren(h("p", {class: "wb-small", role: "status"}, waiting));
    const {column, cells, classes, majority, model, components} = scores;
    const row = (name: string, {accuracy, macroRecall}: {accuracy: number; macroRecall: number}) =>
      h("tr", {}, h("th", {scope: "row"}, name), h("td", {}, accuracy.toFixed(2)), h("td", {}, macroRecall.toFixed(2)));
    root.replaceChildren(
      h(
        "table",
        {class: "wb-table"},
        h("caption", {}, `Do the 5 nearest neighbors agree on ${column}?`),
        h(
          "thead",
          {},
          h("tr", {}, h("td"), h("th", {scope: "col"}, "accuracy"), h("th", {scope: "col"}, "macro recall"))
        ),
        h(
          "tbody",
          {},
          row("this model", model),
          row("30 principal components", components),
          row("(always the largest group)", {accuracy: majority, macroRecall: 1 / classes})
        )
      ),
      h(
        "p",
        {class: "wb-small"},
        `${formatInteger(cells)} cells, ${classes} groups; each cell is classified by the vote of its 5 nearest others (cosine), among the vectors and not on the map.`
      )
    );
  };
  return extend(root, {update});
}
