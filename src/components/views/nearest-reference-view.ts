import {extend, h, setText} from "./dom.js";
import {formatInteger} from "./format.js";

/** The reference's cells that are nearest to one cell. */
export interface NearestReferenceData {
  /** Name of the cell. */
  cell: string;
  /** Its own label and how sure that is; null for unknown. */
  label: {name: string; confidence: number} | null;
  reference: string;
  /** Nearest first. */
  near: {places: ArrayLike<number>; labels: readonly (string | null)[]; cosines: ArrayLike<number>};
}

/** A list of a reference's cells that are like one cell; null shows `waiting`. Made once. */
export type NearestReferenceView = HTMLElement & {update(data: NearestReferenceData | null, waiting?: string): void};

/** Their labels with the cosine of each; a reference has no names of cells, so each is named by its place. */
export function nearestReferenceView(): NearestReferenceView {
  const words = h("p", {class: "wb-label-words", role: "status"});
  const list = h("div");
  return extend(h("figure", {class: "wb-labels"}, words, list), {
    update(data: NearestReferenceData | null, waiting = "") {
      if (data === null) {
        setText(words, waiting);
        return list.replaceChildren();
      }
      const {cell, label, reference, near} = data;
      const is = label === null ? "unknown" : `${label.name}, confidence ${label.confidence.toFixed(2)}`;
      setText(words, `${cell} (${is}): the most similar cells of ${reference}.`);
      list.replaceChildren(tableOf(near));
    }
  });
}

function tableOf({places, labels, cosines}: NearestReferenceData["near"]): HTMLElement {
  const line = (label: string | null, i: number): HTMLElement =>
    h(
      "tr",
      {},
      h("td", {class: "wb-number"}, String(i + 1)),
      h("th", {scope: "row"}, label ?? "no label"),
      h("td", {class: "wb-label-bar"}, h("span", {style: `--wb-share: ${Math.max(0, cosines[i])}`})),
      h("td", {class: "wb-number"}, cosines[i].toFixed(3)),
      h("td", {class: "wb-number"}, formatInteger(places[i]))
    );
  const head = ["rank", "label", "", "cosine", "row in the reference"];
  return h(
    "table",
    {class: "wb-label-table"},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((name, i) => h("th", {scope: "col", class: i === 1 || i === 2 ? "" : "wb-number"}, name))
      )
    ),
    h("tbody", {}, labels.map(line))
  );
}
