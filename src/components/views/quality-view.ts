import {filterByQuality, type QualityThresholds} from "../core/cells/quality-filter.js";
import type {CellQuality} from "../core/cells/quality.js";
import {extend, h, setText} from "./dom.js";
import {formatCount, formatInteger, formatShare} from "./format.js";
import {thresholdHistogram, type ThresholdHistogram} from "./threshold-histogram.js";

/** Three histograms with thresholds: an input whose `value` are the thresholds; "input" tells of a change. */
export type QualityView = HTMLElement & {
  /** What is set; null: no threshold. Setting it sends no event. */
  value: QualityThresholds;
  /** Measures of another file, or a state without them: words (how far the scan is). Thresholds are kept. */
  update(quality: CellQuality | string): void;
};

export const noThresholds: QualityThresholds = {minCounts: null, minGenes: null, maxMito: null};

/**
 * Total counts, genes and mitochondrial share of all cells, each with a threshold that can be dragged, moved by arrow keys or
 * typed, and the number of cells that it removes, alone and with the others.
 */
export function qualityView(initial: CellQuality | string, value: QualityThresholds = noThresholds): QualityView {
  let quality: CellQuality | null = null;
  const figures = h("div", {class: "wb-quality-figures"});
  const waiting = h("p", {class: "wb-quality-waiting", role: "status"});
  const outcome = h("p", {class: "wb-quality-outcome", role: "status"});
  const words = h("p", {class: "wb-small"});
  const clear = h("button", {type: "button", class: "wb-link", onclick: () => change(noThresholds)}, "No thresholds");
  const root = h(
    "section",
    {class: "wb-quality", "aria-label": "Quality of cells"},
    figures,
    h("div", {class: "wb-quality-foot"}, outcome, clear),
    words
  );
  let shown: Record<keyof QualityThresholds, ThresholdHistogram> | null = null;
  const update = (next: CellQuality | string): void => {
    quality = typeof next === "string" ? null : next;
    shown = null;
    if (typeof next === "string") {
      setText(waiting, next);
      if (waiting.parentNode !== figures) figures.replaceChildren(waiting);
      setText(words, "");
      return tell();
    }
    const {totalCounts, nGenes, mitoShare, mitoGenes} = next;
    shown = {
      minCounts: thresholdHistogram({
        title: "Total counts",
        unit: "counts a cell",
        keeps: "at least",
        log: true,
        values: totalCounts,
        onInput: (minCounts) => change({...value, minCounts})
      }),
      minGenes: thresholdHistogram({
        title: "Genes detected",
        unit: "genes a cell",
        keeps: "at least",
        log: true,
        values: nGenes,
        onInput: (minGenes) => change({...value, minGenes})
      }),
      maxMito: thresholdHistogram({
        title: "Mitochondrial share",
        unit: "% of a cell's counts",
        keeps: "at most",
        log: false,
        step: 0.1,
        suffix: "%",
        values: mitoShare.map((share) => 100 * share),
        onInput: (percent) => change({...value, maxMito: percent === null ? null : Number((percent / 100).toFixed(6))})
      })
    };
    shown.maxMito.hidden = mitoGenes.length === 0;
    figures.replaceChildren(...Object.values(shown));
    setText(
      words,
      mitoGenes.length === 0
        ? "No gene of this file is called MT-… or mt-…, so there is no mitochondrial share. Many cells that are dying have a large one."
        : `Mitochondrial: ${formatCount(mitoGenes.length, "gene")} called MT-… or mt-…. Few counts or genes hint at an empty droplet, a large mitochondrial share at a dying cell; what is usual differs between tissues, so look before you cut.`
    );
    tell();
  };
  const change = (next: QualityThresholds): void => {
    value = next;
    tell();
    root.dispatchEvent(new Event("input", {bubbles: true}));
  };
  const tell = (): void => {
    clear.style.visibility = Object.values(value).every((threshold) => threshold === null) ? "hidden" : "visible";
    if (quality === null || shown === null) return setText(outcome, "");
    const {kept, removedBy} = filterByQuality(quality, value);
    const cells = quality.totalCounts.length;
    shown.minCounts.set(value.minCounts, removedBy.minCounts);
    shown.minGenes.set(value.minGenes, removedBy.minGenes);
    shown.maxMito.set(value.maxMito === null ? null : 100 * value.maxMito, removedBy.maxMito);
    const removed = cells - kept.length;
    setText(
      outcome,
      removed === 0
        ? `All ${formatCount(cells, "cell")} stay.`
        : `All together remove ${formatInteger(removed)} of ${formatCount(cells, "cell")} (${formatShare(removed / cells)}); ${formatInteger(kept.length)} stay.`
    );
  };
  // Inputs of the histograms are this input's own affair.
  root.addEventListener("input", (event) => event.target !== root && event.stopImmediatePropagation());
  update(initial);
  return extend(root, {
    update,
    get value() {
      return value;
    },
    set value(next: QualityThresholds) {
      value = next;
      tell();
    }
  });
}
