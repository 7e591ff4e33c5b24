import {WorkbookError} from "../errors.js";
import {labelClasses} from "./label-classes.js";
import type {Provenance} from "../tables/provenance.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {Reference} from "../reference/reference.js";

/** Embedded cells with columns of which some may hold labels, wherever they were read from. */
export interface LabeledCells {
  /** Name of the file, for messages. */
  name: string;
  /** A vector a cell, row-major, `width` wide; NaN where a cell has none. */
  vectors: Float32Array;
  width: number;
  /** The model that made them; null where the file does not say. */
  model: {name: string; hash: string} | null;
  /** Positions on a map of these vectors, x, y by turns, NaN for a cell without one; null: none. */
  map: Float32Array | null;
  provenance: Provenance | null;
  /** Names of columns of texts, in the file's order. */
  columns: readonly string[];
  /** The values of one of them, a cell each. */
  texts(column: string): readonly (string | null)[];
}

/** Most labels that a reference may have. */
const mostLabels = 500;

/**
 * The cells that have a vector, as a reference by the labels of `by`; `kept` are their places among all. Throws a WorkbookError: "no-such-column" with those there are,
 * "no-vectors", "no-labeling" for a column that groups nothing.
 */
export function referenceOf(cells: LabeledCells, by: string): {reference: Reference; kept: Int32Array} {
  const {name, vectors, width, model, columns} = cells;
  if (!columns.includes(by)) throw noLabels(name, by, columns);
  const isWhole = (cell: number) => vectors.subarray(cell * width, (cell + 1) * width).every(Number.isFinite);
  const kept = Int32Array.from({length: vectors.length / width}, (_, cell) => cell).filter(isWhole);
  if (kept.length === 0) throw withoutVectors(name);
  const texts = cells.texts(by);
  const {names, codes} = labelClasses(
    by,
    Array.from(kept, (cell) => texts[cell]),
    mostLabels
  );
  return {reference: {name, vectors: pickVectors(vectors, width, kept), width, names, codes, model}, kept};
}

/** Columns whose values group the cells, with the number of groups. */
export function labelColumns({columns, texts}: LabeledCells): {name: string; groups: number}[] {
  return columns.flatMap((name) => {
    try {
      return [{name, groups: labelClasses(name, texts(name), mostLabels).names.length}];
    } catch {
      return [];
    }
  });
}

/** "no-vectors": a file that holds no embeddings. */
export function withoutVectors(name: string): WorkbookError {
  return new WorkbookError({
    domain: "table",
    code: "no-vectors",
    fault: `${name} has no embeddings`,
    remedy: "give a table with a column embedding, or an h5ad with X_uce in obsm, as embed and export write them"
  });
}

function noLabels(name: string, by: string, columns: readonly string[]): WorkbookError {
  const has = columns.length === 0 ? "none at all" : columns.slice(0, 12).join(", ");
  return new WorkbookError({
    domain: "table",
    code: "no-such-column",
    fault: `${name} has no column of labels "${by}", it has ${has}`,
    remedy:
      "name one of these, or add the file's columns: export EMBEDDINGS.arrow --obs FILE.h5ad --out REFERENCE.arrow"
  });
}
