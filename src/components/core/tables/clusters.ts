import type {Table} from "apache-arrow";
import {int32Column, tableOf, utf8Column} from "./columns.js";
import {provenanceMetadata, type Provenance} from "./provenance.js";

/** What a clusters table is made of. */
export interface ClusterColumns {
  /** Rows and names of all cells of the embeddings table. */
  rows: Int32Array;
  cellIds: readonly string[];
  /** Cells that have a cluster, as places in `rows`, and their clusters. */
  index: Int32Array;
  codes: Int32Array;
}

/** A clusters table: row Int32, cell_id Utf8, cluster Int32 (from 0, the largest first; null where a cell has no vector). */
export function clustersTable({rows, cellIds, index, codes}: ClusterColumns, provenance: Provenance): Table {
  const clusters = new Int32Array(rows.length);
  const valid = new Uint8Array(rows.length);
  index.forEach((place, i) => {
    clusters[place] = codes[i];
    valid[place] = 1;
  });
  return tableOf(
    [
      int32Column("row", rows),
      utf8Column("cell_id", cellIds),
      int32Column("cluster", clusters, valid.includes(0) ? valid : undefined)
    ],
    provenanceMetadata(provenance)
  );
}
