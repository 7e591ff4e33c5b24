import {formatCount} from "./format.js";

/** What can be taken away. */
export type ExportWhat = "h5ad" | "table" | "vectors" | "map" | "cells" | "names" | "figure" | "session";

/** Endings of the files that each is written in, the usual one first. */
export const exportFormats: Record<ExportWhat, readonly string[]> = {
  h5ad: ["h5ad"],
  table: ["parquet", "csv", "arrow"],
  vectors: ["parquet", "csv", "arrow"],
  map: ["csv", "parquet", "arrow"],
  cells: ["csv", "parquet", "arrow"],
  names: ["txt"],
  figure: ["svg", "png"],
  session: ["uce-session"]
};

/** Name of each, and what will be in it, of `cells` in words. */
export const exportWords: Record<ExportWhat, [label: string, note: (cells: string, selection: boolean) => string]> = {
  h5ad: [
    "h5ad with the results, for scanpy",
    (cells, selection) =>
      selection
        ? `Names, vectors and map of ${cells}, without their counts.`
        : "A copy of the open file with obsm X_uce, X_uce_umap and what made them. The rest of the file stays as it is."
  ],
  table: [
    "One table: names, columns, map, vectors",
    (cells) => `A row for each of ${cells}, with the columns of the file, x, y and the vector.`
  ],
  vectors: ["Vectors", (cells) => `The vectors of ${cells}, with their names.`],
  map: ["Map", (cells) => `x and y of ${cells}, with their names.`],
  cells: ["Columns of the file", (cells) => `Names and columns of obs of ${cells}.`],
  names: ["Names of cells (barcodes)", (cells) => `One name a line, of ${cells}.`],
  figure: [
    "Figure of the map, for print",
    (cells, selection) =>
      `180 mm wide, with legend and what made it; PNG has 300 dots an inch. ${selection ? `All cells but ${cells} are gray.` : ""}`
  ],
  session: [
    "This session, to open elsewhere",
    () =>
      "Choices, colors, selection, map, scores and the columns of the file, without counts and vectors. It opens in a workbook that lacks the h5ad."
  ]
};

/** What there is to take away. */
export interface ExportState {
  /** Cells that were embedded; null until they are. */
  cells: number | null;
  /** True where there is a map of them. */
  map: boolean;
  /** Selected cells among them. */
  selected: number;
  /** Names of columns that were made on the page. */
  made?: readonly string[];
  /** True where a saved session is open, without counts and vectors. */
  restored: boolean;
}

/** What will be in a file, of the selected cells alone or of all, in sentences. */
export function noteWords(what: ExportWhat, selection: boolean, state: ExportState): string {
  if (state.cells === null) return "There is something to take away once the cells are embedded.";
  const cells = selection ? formatCount(state.selected, "selected cell") : formatCount(state.cells, "cell");
  const {made = []} = state;
  const hasMade = made.length > 0 && ["h5ad", "table", "cells"].includes(what);
  const more = hasMade ? ` Made here and added${what === "h5ad" ? " to obs" : ""}: ${made.join(", ")}.` : "";
  return `${exportWords[what][1](cells, selection).trim()}${more}`;
}

/** Whether there is what someone could take. */
export function canExport(what: ExportWhat, {cells, map, restored}: ExportState): boolean {
  if (cells === null) return false;
  if (restored && !["names", "figure", "session"].includes(what)) return false;
  return map || !["map", "figure", "session"].includes(what);
}
