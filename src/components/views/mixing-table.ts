import type {BatchMixing} from "../core/space/batch-mixing.js";
import {h} from "./dom.js";
import {formatCount, formatInteger, formatScore} from "./format.js";
import {tableFigure} from "./table-figure.js";

/** Share of neighbors of another batch, with its standard error. */
type Observed = Pick<BatchMixing, "observed" | "observedError">;

/** What `mixingTable` shows: classes in the same order for both spaces. */
export interface MixingData {
  names: readonly string[];
  batches: string;
  k: number;
  model: Pick<BatchMixing, "observed" | "observedError" | "expected" | "classes">;
  components: Pick<BatchMixing, "observed" | "observedError" | "classes">;
  nComponents: number;
}

/** How far batches mix within each type, beside what chance would give; largest type first, all types together last. */
export function mixingTable({names, batches, k, model, components, nComponents}: MixingData): HTMLElement {
  const ofComponents = new Map(components.classes.map((one) => [one.label, one]));
  const score = (one: Observed | undefined) => formatScore(one?.observed ?? NaN, one?.observedError ?? NaN);
  const row = (name: string, cells: number, expected: number, ours: Observed, theirs: Observed | undefined) =>
    h(
      "tr",
      {},
      h("th", {scope: "row"}, name),
      h("td", {class: "wb-number"}, formatInteger(cells)),
      ...[expected.toFixed(2), score(ours), score(theirs)].map((text) => h("td", {class: "wb-number"}, text))
    );
  const sorted = [...model.classes].sort((a, b) => b.cells - a.cells || a.label - b.label);
  const cells = sorted.reduce((sum, one) => sum + one.cells, 0);
  // With no more others than neighbors asked for, all of them are neighbors in any space.
  const small = sorted.filter(({cells: n}) => n <= k + 1).length;
  const noChoice =
    small === 0
      ? ""
      : ` ${formatCount(small, "type has", "types have")} ${formatInteger(k + 1)} cells or fewer: there all others are neighbors, and the share is the expected one in any space.`;
  return tableFigure({
    title: `Share of a cell's ${k} nearest of its own type that come from another ${batches}`,
    className: "wb-mixing",
    head: ["type", "cells", "expected", "model", `${nComponents} PCs`],
    body: sorted.map((one) => row(names[one.label], one.cells, one.expected, one, ofComponents.get(one.label))),
    foot: [row("all these types", cells, model.expected, model, components)],
    note: `“Expected” is the share if ${batches} did not matter: other batches' cells among all other cells of the type. Well below it, the vectors keep the batch: ${batches} is then part of what the map shows. ± is one standard error over the cells.${noChoice}`
  });
}
