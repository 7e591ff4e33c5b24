import type {TrustLabels} from "../core/questions/trust-labels.js";
import {agreementTable} from "./agreement-table.js";
import {confusionMatrix} from "./confusion-matrix.js";
import {extend, h} from "./dom.js";
import {formatCount, formatInteger} from "./format.js";
import {mixingTable} from "./mixing-table.js";
import {optimisticWords} from "./optimistic-words.js";
import {recallBars} from "./recall-bars.js";

/** Types up to which two confusion matrices stand beside each other. */
const besideEachOther = 8;

/** Figures of scores, made once; null empties them, with a word about why. */
export type TrustFigures = HTMLElement & {update(scores: TrustLabels | null, waiting?: string): void};

/** How well neighbors classify the cells by their labels: table, recall of each type, confusion matrices, and what was scored in words. */
export function labelFigures(): TrustFigures {
  return trustFigures(ofLabels);
}

/** The same with neighbors of other batches only, and how well batches mix. */
export function batchFigures(): TrustFigures {
  const none = "Choose a column of batches to see whether neighbors come from the same batch.";
  return trustFigures((scores) => ofBatches(scores) ?? [h("p", {class: "wb-small"}, none)]);
}

function trustFigures(draw: (scores: TrustLabels) => HTMLElement[]): TrustFigures {
  const words = h("p", {class: "wb-small wb-trust-words", role: "status"});
  const result = h("div", {class: "wb-trust-result"});
  return extend(h("div", {class: "wb-trust"}, words, result), {
    update(scores: TrustLabels | null, waiting = "") {
      words.textContent = scores === null ? waiting : "";
      result.replaceChildren(...(scores === null ? [] : draw(scores)));
    }
  });
}

function ofLabels(answer: TrustLabels): HTMLElement[] {
  const {
    labels,
    classNames: names,
    model: {labels: model},
    components: {labels: components},
    nComponents,
    embedded,
    used,
    unlabeled,
    trained
  } = answer;
  const types = model.support.reduce((count, cells) => count + Number(cells > 0), 0);
  const capped =
    used < embedded
      ? `Of ${formatInteger(embedded)} cells, ${formatInteger(used)} were chosen at random, because all pairs of cells are compared. `
      : `All ${formatCount(used, "embedded cell")} were taken. `;
  const left =
    unlabeled > 0
      ? `${formatCount(unlabeled, "cell has", "cells have")} no label in ${labels}: they neither vote nor are scored.`
      : "";
  return [
    h("p", {class: "wb-small"}, capped, left),
    ...(trained === null ? [] : [h("p", {class: "wb-small wb-trained"}, optimisticWords(trained))]),
    h(
      "div",
      {class: "wb-trust-pair"},
      agreementTable({
        column: labels,
        count: model.count,
        types,
        majority: model.majority,
        model,
        components,
        nComponents
      }),
      recallBars({
        names,
        support: model.support,
        model: model.recall,
        components: components.recall,
        modelError: model.recallError,
        componentsError: components.recallError,
        nComponents
      })
    ),
    h(
      "div",
      {class: "wb-trust-pair", "data-wide": types > besideEachOther},
      confusionMatrix({names, confusion: model.confusion, space: "vectors of this model"}),
      confusionMatrix({names, confusion: components.confusion, space: `${nComponents} principal components`})
    )
  ];
}

/** Null if no batch column was named. */
function ofBatches(answer: TrustLabels): HTMLElement[] | null {
  const {labels, batches, classNames: names, model, components, nComponents, scarce} = answer;
  if (batches === null) return null;
  const [ours, theirs] = [model.acrossBatches, components.acrossBatches];
  if (ours === null || theirs === null) {
    return [
      h(
        "p",
        {class: "wb-small"},
        `Every type of ${labels} has all its cells in one group of ${batches}. Then no score can separate type from batch.`
      )
    ];
  }
  const types = ours.support.reduce((count, cells) => count + Number(cells > 0), 0);
  const excluded = ours.excluded.map((label) => names[label]);
  const few =
    scarce > 0
      ? `${formatCount(scarce, "cell")} of ${formatInteger(ours.count)} can hardly be told, whatever the vectors: fewer than 3 cells of their type are in other groups of ${batches}. `
      : "";
  return [
    h(
      "p",
      {class: "wb-small"},
      excluded.length === 0
        ? `All types have cells in at least two groups of ${batches}. `
        : `Left out, because all their cells are in one group of ${batches}: ${excluded.join(", ")}. `,
      few
    ),
    h(
      "div",
      {class: "wb-trust-pair"},
      agreementTable({
        column: labels,
        voters: `from other groups of ${batches} only`,
        count: ours.count,
        types,
        majority: ours.majority,
        model: ours,
        components: theirs,
        nComponents
      }),
      model.mixing === null || components.mixing === null
        ? h("span")
        : mixingTable({
            names,
            batches,
            k: model.mixing.k,
            model: model.mixing,
            components: components.mixing,
            nComponents
          })
    )
  ];
}
