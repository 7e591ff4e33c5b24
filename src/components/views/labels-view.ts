import type {LabelFacts} from "../core/pipeline/label-embeddings.js";
import {countLabels, type LabelCounts, type LabeledColumns} from "../core/away/labeled-columns.js";
import {columnColors} from "./color-column.js";
import type {ColorScale} from "./color-scale.js";
import {extend, h, setText} from "./dom.js";
import {formatInteger, formatShare, wholePercent} from "./format.js";
import {labelWords} from "./label-words.js";

/** What cells are, by a reference: a sentence, a bar a label, and how far to trust it. Made once. */
export type LabelsView = HTMLElement & {
  /** The labels of all cells; null for none, with a word about why. */
  update(labels: LabeledColumns | null, waiting?: string): void;
  /** Rows of the file that are selected, ascending; null for none: then of all cells. */
  select(rows: Int32Array | null): void;
};

/** Labels with bars of their own; the others are counted together. */
const mostBars = 12;

/** The view, for nothing yet. */
export function labelsView(): LabelsView {
  const words = h("p", {class: "wb-label-words", role: "status"});
  const bars = h("div");
  const trust = h("p", {class: "wb-small"});
  const root = h("figure", {class: "wb-labels"}, words, bars, trust);
  let labels: LabeledColumns | null = null;
  let selected: Int32Array | null = null;
  let waiting = "";

  function show(): void {
    if (labels === null) {
      setText(words, waiting);
      setText(trust, "");
      return bars.replaceChildren();
    }
    const counts = countLabels(labels, selected);
    const of = selected === null ? "All cells. " : "Selected: ";
    setText(words, `${of}${labelWords(counts)}`);
    bars.replaceChildren(barsOf(counts, columnColors(labels.label)));
    setText(trust, trustWords(labels.facts));
  }

  return extend(root, {
    update(next: LabeledColumns | null, why = "") {
      [labels, waiting] = [next, why];
      show();
    },
    select(rows: Int32Array | null) {
      selected = rows;
      show();
    }
  });
}

interface Bar {
  name: string;
  cells: number;
  confidence: number | null;
}

function barsOf({cells, unknown, without, parts}: LabelCounts, scale: ColorScale): HTMLElement {
  const shown: Bar[] = parts.slice(0, mostBars);
  const others = parts.slice(mostBars).reduce((sum, part) => sum + part.cells, 0);
  if (others > 0) shown.push({name: `${parts.length - mostBars} other labels`, cells: others, confidence: null});
  if (unknown > 0) shown.push({name: "unknown", cells: unknown, confidence: null});
  if (without > 0) shown.push({name: "no vector", cells: without, confidence: null});
  const entries = scale.kind === "categorical" ? scale.entries : [];
  const line = ({name, cells: n, confidence}: Bar): HTMLElement => {
    const color = entries.find((entry) => entry.label === name);
    const style = `--wb-share: ${n / cells}; ${color === undefined ? "" : `--wb-light: ${color.light}; --wb-dark: ${color.dark}`}`;
    return h(
      "tr",
      {},
      h("th", {scope: "row"}, name),
      h("td", {class: "wb-label-bar"}, h("span", {style, "data-colored": color === undefined ? "no" : "yes"})),
      h("td", {class: "wb-number"}, formatInteger(n)),
      h("td", {class: "wb-number"}, formatShare(n / cells)),
      h("td", {class: "wb-number"}, confidence === null ? "–" : confidence.toFixed(2))
    );
  };
  const head = ["label", "", "cells", "share", "confidence"];
  return h(
    "table",
    {class: "wb-label-table"},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((name, i) => h("th", {scope: "col", class: i < 2 ? "" : "wb-number"}, name))
      )
    ),
    h("tbody", {}, shown.map(line))
  );
}

/** What the reference's held-out cells say of such labels, and when most cells are unknown. */
function trustWords({reference, heldOut, unknown, compared}: LabelFacts): string {
  const {cells, accuracy, labels} = heldOut;
  const missed = labels.filter(({unknownIfMissing}) => unknownIfMissing < 0.5).map(({name}) => name);
  const said = [
    `Of ${formatInteger(cells)} held-out cells of ${reference.name}, ${wholePercent(heldOut.unknown)} were called unknown, and ${wholePercent(accuracy)} of the others got the right label.`
  ];
  if (missed.length > 0)
    said.push(`Were they not in the reference, most cells of these would go unnoticed: ${missed.join(", ")}.`);
  if (unknown > compared / 2)
    said.push(
      "More than half of your cells are unknown: the reference may lack their types, or they differ from it by batch or protocol."
    );
  return said.join(" ");
}
