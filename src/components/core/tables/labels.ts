import type {Table} from "apache-arrow";
import {float64Column, int32Column, tableOf, utf8Column} from "./columns.js";
import {provenanceMetadata, type Provenance} from "./provenance.js";

/** What a labels table is made of. */
export interface LabelColumns {
  /** Rows and names of all cells of the embeddings table. */
  rows: Int32Array;
  cellIds: readonly string[];
  /** Cells that were compared with the reference, as places in `rows`; what follows has a value for each of them. */
  index: Int32Array;
  /** Names of the labels that the codes stand for. */
  names: readonly string[];
  /** The label, -1 for unknown, and the one that the neighbors vote for in any case. */
  codes: Int32Array;
  nearest: Int32Array;
  confidence: Float64Array;
  known: Float64Array;
}

/**
 * A labels table: row Int32, cell_id Utf8, label Utf8 (null for unknown), confidence Float64 (0 to 1; null for unknown), nearest_label Utf8 and known Float64 (0 to 1):
 * what the neighbors vote for, and the probability that the reference has the cell's label; null where a cell has no vector.
 */
export function labelsTable(columns: LabelColumns, provenance: Provenance): Table {
  const {rows, cellIds, index, names, codes, nearest, confidence, known} = columns;
  const label = new Array<string | null>(rows.length).fill(null);
  const nearestLabel = new Array<string | null>(rows.length).fill(null);
  const sure = {values: new Float64Array(rows.length), valid: new Uint8Array(rows.length)};
  const has = {values: new Float64Array(rows.length), valid: new Uint8Array(rows.length)};
  index.forEach((place, i) => {
    nearestLabel[place] = names[nearest[i]];
    has.values[place] = known[i];
    has.valid[place] = 1;
    if (codes[i] < 0) return;
    label[place] = names[codes[i]];
    sure.values[place] = confidence[i];
    sure.valid[place] = 1;
  });
  return tableOf(
    [
      int32Column("row", rows),
      utf8Column("cell_id", cellIds),
      utf8Column("label", label),
      float64Column("confidence", sure.values, sure.valid),
      utf8Column("nearest_label", nearestLabel),
      float64Column("known", has.values, has.valid)
    ],
    provenanceMetadata(provenance)
  );
}
