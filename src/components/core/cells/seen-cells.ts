import {cellKeys} from "./cell-keys.js";

/** A data set that a model was trained on, as its manifest carries it. */
export interface TrainingSet {
  /** Display name, for example "sorted PBMC (Zheng 2017)". */
  name: string;
  cells: number;
  /** The smallest of its cells' keys (`cellKeys`), ascending, 64 of them or all that there are. */
  keys: string[];
  /** Tissue that its cells are of, as its makers say; absent where that is not told. */
  tissue?: string;
}

/** Cells of a file that a model was trained on. */
export interface SeenCells {
  /** The data set. */
  name: string;
  /** Cells of the set, and how many of them are in the file: exact where all or none are, else estimated from the keys. */
  cells: number;
  found: number;
  /** Share of the file's cells that these are, 0 to 1. */
  share: number;
}

/** Keys that a training set has in a manifest. */
export const keysKept = 64;
/** A part of a set is recognized by so many of its keys, ... */
const fewestKeys = 4;
/** ... if it makes up this share of the file; half of a set is recognized in any file. */
const least = 0.5;

/** A training set's entry in a manifest: its number of cells, and the smallest keys (a bottom-k sketch, Cohen and Kaplan 2007). */
export function trainingSet(name: string, cellIds: readonly string[], geneNames: readonly string[]): TrainingSet {
  const keys = [...new Set(cellKeys(cellIds, geneNames))].sort();
  return {name, cells: cellIds.length, keys: keys.slice(0, keysKept)};
}

/**
 * Which training sets a file shares cells with, the largest part of the file first; none if it shares none, or too few to tell. Cells are
 * known by their names (numbers: and the genes), so a file that names them otherwise is not recognized. Small parts of a set (less than
 * about a tenth) are missed.
 */
export function seenCells(
  cellIds: readonly string[],
  geneNames: readonly string[],
  sets: readonly TrainingSet[]
): SeenCells[] {
  if (sets.length === 0 || cellIds.length === 0) return [];
  const here = new Set(cellKeys(cellIds, geneNames));
  return sets
    .flatMap(({name, cells, keys}) => {
      const hits = keys.filter((key) => here.has(key)).length;
      const found = Math.min(cellIds.length, Math.round((hits / keys.length) * cells));
      const share = found / cellIds.length;
      const isSeen = hits >= keys.length / 2 || (hits >= fewestKeys && share >= least);
      return isSeen ? [{name, cells, found, share}] : [];
    })
    .sort((a, b) => b.share - a.share);
}

/** What is to be said of them: "all 466 cells are of a data set that the model was trained on, NAME"; null if there are none. */
export function seenWords(seen: readonly SeenCells[], nObs: number): string | null {
  if (seen.length === 0) return null;
  const [{cells, found}] = seen;
  const names = seen.map((one) => one.name).join(", ");
  const total = Math.min(
    nObs,
    seen.reduce((sum, one) => sum + one.found, 0)
  );
  const one = seen.length === 1;
  const who =
    total >= nObs && one && found === cells
      ? `all ${nObs.toLocaleString("en-US")} cells are`
      : `${one && found === cells ? "" : "about "}${total.toLocaleString("en-US")} of ${nObs.toLocaleString("en-US")} cells are`;
  return `${who} of ${one ? "a data set" : "data sets"} that the model was trained on (${names})`;
}
