import type {CellSteps} from "../core/cells/cell-steps.js";
import {chromosomeName} from "../core/cells/chromosome-name.js";
import {geneRuns} from "../core/cells/gene-runs.js";
import {extend, h} from "./dom.js";
import {formatCount} from "./format.js";

/** A sentence in words; null empties it. */
export type SentenceText = HTMLElement & {update(steps: CellSteps | null, waiting?: string): void};

/**
 * A cell's sentence to read: a line for each chromosome in the order in which the model reads them, the symbols of its genes along it, a gene
 * that stands several times as "MALAT1 ×3".
 */
export function sentenceText(): SentenceText {
  const root = h("div", {
    class: "wb-sentence-text",
    role: "region",
    "aria-label": "The sentence in words",
    tabindex: 0
  });
  const update = (steps: CellSteps | null, waiting = ""): void => {
    if (steps === null || steps.sentence === null) return root.replaceChildren(waiting);
    const {order} = steps.sentence;
    const lines = Array.from(order.chromosomes, (id, i) => {
      const genes = geneRuns(order.genes[i]).flatMap(({gene, times}) => {
        const symbol = h("span", {class: "wb-sentence-word"}, steps.symbols[gene]);
        return times === 1 ? [symbol, " "] : [symbol, h("b", {}, `\u00a0×${times}`), " "];
      });
      const name = chromosomeName(id);
      return h(
        "li",
        {},
        h("strong", {}, name.startsWith("scaffold") ? name : `chr ${name}`),
        h("span", {class: "wb-small"}, ` ${formatCount(order.genes[i].length, "token")}: `),
        ...genes
      );
    });
    root.replaceChildren(h("ol", {}, lines));
  };
  return extend(root, {update});
}
