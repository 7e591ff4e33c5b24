import {h} from "./dom.js";
import {formatDuration, formatScore, formatShare} from "./format.js";
import {tableFigure} from "./table-figure.js";

const percent = {decimals: 1, scale: 100, unit: " %"};

/** What one way of sampling and averaging gives between two choices of seeds. */
export interface SeedRow {
  /** "as UCE-brain", "low-variance". */
  sampling: string;
  averaged: number;
  cosine: number;
  relativeError: number;
  overlap: number;
  foundAgain: number;
  /** Standard errors of the four. */
  errors: Record<"cosine" | "relativeError" | "overlap" | "foundAgain", number>;
  /** Milliseconds that it takes a cell, and all cells of the run. */
  msPerCell: number;
  msForAll: number;
}

/** What `seedTable` shows. */
export interface SeedData {
  rows: readonly SeedRow[];
  cells: number;
  k: number;
  chanceOverlap: number;
  /** Cells of the run. */
  all: number;
}

/** How much of a cell's place stays when its sampling seed changes, by way of sampling and number of draws averaged, with its cost. */
export function seedTable({rows, cells, k, chanceOverlap, all}: SeedData): HTMLElement {
  const names = [
    "sampling",
    "draws averaged",
    `${k}-NN overlap`,
    "error e",
    "cosine",
    "found again",
    "time a cell",
    `time for ${all.toLocaleString("en-US")} cells`
  ];
  const best = Math.max(...rows.map(({overlap}) => overlap));
  return tableFigure({
    title: "The same cells under other seeds: what stays, and what it costs",
    className: "wb-seeds",
    head: names,
    body: rows.map((row) =>
      h(
        "tr",
        {"data-best": row.overlap === best},
        h("th", {scope: "row"}, row.sampling),
        h("td", {class: "wb-number"}, String(row.averaged)),
        h("td", {class: "wb-number"}, formatScore(row.overlap, row.errors.overlap, percent)),
        h("td", {class: "wb-number"}, formatScore(row.relativeError, row.errors.relativeError)),
        h("td", {class: "wb-number"}, formatScore(row.cosine, row.errors.cosine, {decimals: 3})),
        h("td", {class: "wb-number"}, formatScore(row.foundAgain, row.errors.foundAgain, percent)),
        h("td", {class: "wb-number"}, formatDuration(row.msPerCell)),
        h("td", {class: "wb-number"}, formatDuration(row.msForAll))
      )
    ),
    note: `${k}-NN overlap: the share of a cell's ${k} nearest among these ${cells} cells that are the same under other seeds; chance alone gives ${formatShare(chanceOverlap)}. Error e: how far a cell moves, over how far cells lie from their middle (0 is no noise). Found again: cells that are their own nearest under another seed. ± is one standard error over the ${cells} cells. Shaded: the largest overlap.`
  });
}
