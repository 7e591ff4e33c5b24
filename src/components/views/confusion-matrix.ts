import {h, uniqueId} from "./dom.js";
import {formatCount, formatInteger, formatShare} from "./format.js";

/** Which types cells are taken for. */
export interface ConfusionData {
  /** Names of the types. */
  names: readonly string[];
  /** types x types, row-major: cells of type i (row) classified as type j. */
  confusion: ArrayLike<number>;
  /** "this model", "30 principal components". */
  space: string;
}

/**
 * A confusion matrix as a table that can be read cell by cell: a row a true type, a column the type that the neighbors
 * vote for, shaded by the share of the row. Types without cells are left out; columns have the numbers of the rows.
 */
export function confusionMatrix({names, confusion, space}: ConfusionData): HTMLElement {
  const all = names.map((_, i) => names.map((_, j) => confusion[i * names.length + j]));
  const shown = names.flatMap((name, i) => {
    const cells = all[i].reduce((sum, n) => sum + n, 0);
    return cells > 0 ? [{name, i, cells}] : [];
  });
  const head = shown.map(({name}, k) =>
    h(
      "th",
      {scope: "col", title: name},
      h("span", {"aria-hidden": "true"}, String(k + 1)),
      h("span", {class: "wb-hidden"}, `classified as ${name}`)
    )
  );
  const body = shown.map(({name, i, cells}, k) =>
    h(
      "tr",
      {},
      h(
        "th",
        {scope: "row", title: name},
        h("span", {class: "wb-confusion-number", "aria-hidden": "true"}, String(k + 1)),
        name
      ),
      h("td", {class: "wb-confusion-total"}, formatInteger(cells)),
      shown.map(({name: told, i: j}) => {
        const n = all[i][j];
        const share = n / cells;
        const style = n === 0 ? undefined : `--share: ${share.toFixed(3)}`;
        return h(
          "td",
          {
            style,
            class: i === j ? "wb-confusion-right" : undefined,
            title:
              n === 0
                ? undefined
                : `${formatInteger(n)} of ${formatCount(cells, "cell")} of ${name} classified as ${told} (${formatShare(share)})`
          },
          n === 0 ? "" : formatInteger(n)
        );
      })
    )
  );
  const worst = largestConfusion(shown, all);
  const id = uniqueId("confusion");
  return h(
    "section",
    {class: "wb-confusion wb-figure-html"},
    h("div", {class: "wb-figure-title", id}, `What cells are taken for: ${space}`),
    h(
      "div",
      {class: "wb-scroll", tabindex: 0, role: "region", "aria-labelledby": id},
      h(
        "table",
        {class: "wb-table", "aria-labelledby": id},
        h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "true type"), h("th", {scope: "col"}, "cells"), head)),
        h("tbody", {}, body)
      )
    ),
    h(
      "p",
      {class: "wb-small"},
      `Rows: the cells of each true type. Columns: the type that their neighbors vote for, numbered as the rows. Blank is 0; a stronger shade is a larger share of the row. ${worst}`
    )
  );
}

function largestConfusion(shown: {name: string; i: number; cells: number}[], all: number[][]): string {
  const wrong = shown.flatMap((from) =>
    shown.filter((to) => to.i !== from.i).map((to) => ({from, to, n: all[from.i][to.i]}))
  );
  const worst = wrong.reduce<(typeof wrong)[number] | null>((best, one) => (one.n > (best?.n ?? 0) ? one : best), null);
  if (worst === null) return "No cell is taken for another type.";
  const {from, to, n} = worst;
  return `Most often confused: ${from.name} classified as ${to.name}, ${formatInteger(n)} of ${formatCount(from.cells, "cell")}.`;
}
