import type {CellSteps} from "../core/cells/cell-steps.js";
import {compareDraws, type ComparedDraws, type ComparedGene} from "../core/cells/compare-draws.js";
import {extend, h} from "./dom.js";
import {formatCount, formatInteger, formatShare} from "./format.js";

/** Two cells with their names. */
export interface ComparedCells {
  here: {name: string; steps: CellSteps};
  there: {name: string; steps: CellSteps};
}

/** Genes drawn for two cells; null shows `waiting`. */
export type SentenceComparison = HTMLElement & {update(cells: ComparedCells | null, waiting?: string): void};

const listed = 10;

/** Which genes were drawn for both of two cells and which for one alone: a bar of how many, and the most drawn of each kind. */
export function sentenceComparison(): SentenceComparison {
  const root = h("figure", {class: "wb-compare"});
  const update = (cells: ComparedCells | null, waiting = ""): void => {
    const draws = cells && compareDraws(cells.here.steps, cells.there.steps);
    if (draws === null || cells === null) {
      const why =
        cells === null
          ? waiting
          : "One of the two cells has no counts on genes that the model knows, and so no sentence.";
      return root.replaceChildren(h("p", {class: "wb-small wb-waiting"}, why));
    }
    const names: [string, string] = [cells.here.name, cells.there.name];
    root.replaceChildren(
      h("h3", {class: "wb-frame-title"}, `Genes drawn for ${names[0]} and ${names[1]}`),
      bar(draws, names),
      h(
        "div",
        {class: "wb-compare-lists"},
        list(`only ${names[0]}`, "here", draws.here, ["here"]),
        list("both", "both", draws.both, ["here", "there"], names),
        list(`only ${names[1]}`, "there", draws.there, ["there"])
      ),
      h(
        "figcaption",
        {class: "wb-small"},
        `Bar: ${formatCount(draws.here.length + draws.both.length + draws.there.length, "gene")} that were drawn for at least one of the two cells. ` +
          `Tables: the most drawn of each kind, and how many times. The two sentences share ${formatShare(draws.share)} of their draws. ` +
          "A gene that was drawn once for one cell only may be chance; one that was drawn often is a difference between the cells."
      )
    );
  };
  return extend(root, {update});
}

/** How many genes are of each kind, as parts of one bar with their numbers in them. */
function bar({here, both, there}: ComparedDraws, names: readonly [string, string]): HTMLElement {
  const parts = [
    {kind: "here", genes: here, words: `only ${names[0]}`},
    {kind: "both", genes: both, words: "both"},
    {kind: "there", genes: there, words: `only ${names[1]}`}
  ];
  const label = parts.map(({genes, words}) => `${words}: ${formatCount(genes.length, "gene")}`).join("; ");
  const grow = (genes: readonly ComparedGene[]): string => `flex-grow: ${Math.max(1, genes.length)}`;
  return h(
    "div",
    {class: "wb-compare-bar", role: "img", "aria-label": label},
    parts.map(({kind, genes}) =>
      h("span", {"data-kind": kind, style: grow(genes)}, genes.length === 0 ? "" : formatInteger(genes.length))
    )
  );
}

function list(
  title: string,
  kind: "here" | "both" | "there",
  genes: readonly ComparedGene[],
  sides: readonly ("here" | "there")[],
  heads: readonly string[] = ["times"]
): HTMLElement {
  const rest = genes.length - listed;
  return h(
    "table",
    {"data-kind": kind},
    h("caption", {}, h("i", {"aria-hidden": "true"}), `${title}: ${formatCount(genes.length, "gene")}`),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", {scope: "col"}, "gene"),
        heads.map((head) => h("th", {scope: "col", class: "wb-number"}, head))
      )
    ),
    h(
      "tbody",
      {},
      genes.slice(0, listed).map((gene) =>
        h(
          "tr",
          {},
          h("th", {scope: "row"}, h("code", {}, gene.symbol)),
          sides.map((side) => h("td", {class: "wb-number"}, `×${gene[side]}`))
        )
      ),
      rest > 0
        ? h("tr", {}, h("td", {colspan: 1 + sides.length, class: "wb-small"}, `and ${formatInteger(rest)} more`))
        : null
    )
  );
}
