import {h} from "./dom.js";
import {formatInteger, formatScore} from "./format.js";

/** Recall of each type in two spaces. */
export interface RecallData {
  names: readonly string[];
  /** Cells of each type. */
  support: ArrayLike<number>;
  /** Share of each type's cells that are classified correctly; NaN or null for a type without cells. */
  model: ArrayLike<number | null>;
  components: ArrayLike<number | null>;
  /** Standard errors of the two. */
  modelError: ArrayLike<number>;
  componentsError: ArrayLike<number>;
  nComponents: number;
}

/** Recall per type as pairs of bars, the model's over that of principal components, with the numbers beside them; largest type first. */
export function recallBars({
  names,
  support,
  model,
  components,
  modelError,
  componentsError,
  nComponents
}: RecallData): HTMLElement {
  const order = names
    .map((_, i) => i)
    .filter((i) => support[i] > 0)
    .sort((a, b) => support[b] - support[a] || a - b);
  const bar = (kind: string, value: number) =>
    h("span", {class: `wb-recall-bar wb-recall-${kind}`, style: `--value: ${value.toFixed(4)}`});
  const ahead = order.filter((i) => model[i]! > components[i]!).length;
  const behind = order.filter((i) => model[i]! < components[i]!).length;
  return h(
    "section",
    {class: "wb-recall wb-figure-html"},
    h(
      "table",
      {class: "wb-table"},
      h("caption", {}, "Recall of each type: the share of its cells that their neighbors classify correctly"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", {scope: "col"}, "type"),
          h("th", {scope: "col", class: "wb-number"}, "cells"),
          h(
            "td",
            {class: "wb-recall-axis", "aria-hidden": "true"},
            h("span", {}, "0"),
            h("span", {}, "0.5"),
            h("span", {}, "1")
          ),
          h("th", {scope: "col", class: "wb-number"}, h("span", {class: "wb-key wb-recall-model"}), "model"),
          h(
            "th",
            {scope: "col", class: "wb-number"},
            h("span", {class: "wb-key wb-recall-components"}),
            `${nComponents} PCs`
          )
        )
      ),
      h(
        "tbody",
        {},
        order.map((i) =>
          h(
            "tr",
            {},
            h("th", {scope: "row"}, names[i]),
            h("td", {class: "wb-number"}, formatInteger(support[i])),
            h(
              "td",
              {class: "wb-recall-bars", "aria-hidden": "true"},
              bar("model", model[i]!),
              bar("components", components[i]!)
            ),
            h("td", {class: "wb-number"}, formatScore(model[i]!, modelError[i])),
            h("td", {class: "wb-number"}, formatScore(components[i]!, componentsError[i]))
          )
        )
      )
    ),
    h(
      "p",
      {class: "wb-small"},
      `The model is ahead in ${ahead}, principal components (PCs) in ${behind} of ${order.length} types. ± is one standard error; with 10 cells, one cell is 0.1.`
    )
  );
}
