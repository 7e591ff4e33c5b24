import type {Table} from "apache-arrow";
import type {MadeColumns} from "./made-columns.js";
import type {LabelFacts} from "../pipeline/label-embeddings.js";
import {answerFacts} from "../tables/answer-facts.js";
import type {ObsColumn} from "../tables/cells.js";
import {provenanceKey} from "../tables/provenance.js";
import {readFloat64, readInt32, readText, readValidity} from "../tables/read-columns.js";

/** Labels of a file's cells as columns of all its cells, without a value where a cell is unknown or was not labeled. */
export interface LabeledColumns extends MadeColumns {
  facts: LabelFacts;
  /** Labels in the order of the reference's. */
  label: Extract<ObsColumn, {kind: "categorical"}>;
  confidence: Extract<ObsColumn, {kind: "number"}>;
  /** 1 for each cell of the file that was compared with the reference. */
  compared: Uint8Array;
}

/** The columns of a labels table (`label`) for a file of `cells` cells. Throws a WorkbookError of domain "table" if it is none. */
export function labeledColumns(table: Table, cells: number): LabeledColumns {
  const facts = answerFacts<LabelFacts>(table)!;
  const categories = facts.labels.map(({name}) => name);
  const code = new Map(categories.map((name, i) => [name, i]));
  const [rows, labels, sure] = [readInt32(table, "row"), readText(table, "label"), readFloat64(table, "confidence")];
  const hasVector = readValidity(table, "known");
  const codes = new Int32Array(cells).fill(-1);
  const values = new Float64Array(cells).fill(NaN);
  const [valid, compared] = [new Uint8Array(cells), new Uint8Array(cells)];
  rows.forEach((row, i) => {
    compared[row] = hasVector === undefined || hasVector[i] === 1 ? 1 : 0;
    const label = labels[i];
    if (label === null) return;
    codes[row] = code.get(label)!;
    values[row] = sure[i];
    valid[row] = 1;
  });
  const label = {name: "label", kind: "categorical" as const, codes, categories};
  const confidence = {name: "label_confidence", kind: "number" as const, values, valid};
  const {name, hash} = facts.reference;
  const texts = {
    labels_reference: `${name}${facts.by === null ? "" : `, ${facts.by}`}${hash === null ? "" : ` (${hash})`}`,
    labels_provenance: table.schema.metadata.get(provenanceKey)!
  };
  return {facts, label, confidence, compared, columns: [label, confidence], texts};
}

/** Some cells' labels: how many of each, and how sure. */
export interface LabelCounts {
  cells: number;
  /** Cells whose label the reference probably lacks. */
  unknown: number;
  /** Cells that were not compared: without a vector, or not embedded. */
  without: number;
  /** Most cells first, then by name; `confidence` is the mean, 0 to 1. */
  parts: {name: string; cells: number; confidence: number}[];
}

/** Counts the labels of the cells in `rows` (null: of all cells that were compared). */
export function countLabels({label, confidence, compared}: LabeledColumns, rows: Int32Array | null): LabelCounts {
  const chosen = rows ?? Int32Array.from(compared.keys()).filter((row) => compared[row] === 1);
  const cells = new Int32Array(label.categories.length);
  const sums = new Float64Array(label.categories.length);
  let [unknown, without] = [0, 0];
  for (const row of chosen) {
    const code = label.codes[row];
    if (code >= 0) {
      cells[code] += 1;
      sums[code] += confidence.values[row];
    } else if (compared[row] === 1) unknown += 1;
    else without += 1;
  }
  const parts = label.categories
    .map((name, code) => ({name, cells: cells[code], confidence: sums[code] / cells[code]}))
    .filter((part) => part.cells > 0)
    .sort((a, b) => b.cells - a.cells || (a.name < b.name ? -1 : 1));
  return {cells: chosen.length, unknown, without, parts};
}
