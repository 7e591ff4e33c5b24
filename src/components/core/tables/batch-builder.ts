import {RecordBatch, Schema, Table} from "apache-arrow";
import {batchOf, type TableColumn, schemaOf} from "./columns.js";
import {type Provenance, provenanceMetadata} from "./provenance.js";

/** Rows in a batch of a table that is built piece by piece. */
export const batchRows = 1024;

/** Options of every builder. */
export interface BuilderOptions {
  provenance: Provenance;
  /** False: batches are handed out by `append` and `flush` and forgotten, for writing as they come. Default true. */
  keep?: boolean;
}

/**
 * Builds a table from rows that come in pieces. Batches always hold 1,024 rows (the last one fewer), whatever the
 * pieces, so that equal rows give equal bytes.
 */
export interface TableBuilder<Row> {
  readonly schema: Schema;
  /** Rows appended so far. */
  readonly length: number;
  /** Takes rows; returns the batches that became full. */
  append(rows: Iterable<Row>): RecordBatch[];
  /** The rows that do not fill a batch yet, as a last batch; none if there are no such rows. */
  flush(): RecordBatch[];
  /** The table of every batch kept, the last one included. */
  finish(): Table;
}

/** A builder whose columns `columnsOf` makes from up to 1,024 rows; it is called with none to learn the schema. */
export function createTableBuilder<Row>(
  columnsOf: (rows: readonly Row[]) => TableColumn[],
  {provenance, keep = true}: BuilderOptions
): TableBuilder<Row> {
  const schema = schemaOf(columnsOf([]), provenanceMetadata(provenance));
  const kept: RecordBatch[] = [];
  let pending: Row[] = [];
  let length = 0;

  function close(): RecordBatch {
    const batch = batchOf(schema, columnsOf(pending));
    pending = [];
    if (keep) kept.push(batch);
    return batch;
  }

  function flush(): RecordBatch[] {
    return pending.length === 0 ? [] : [close()];
  }

  return {
    schema,
    get length() {
      return length;
    },
    append(rows) {
      const full: RecordBatch[] = [];
      for (const row of rows) {
        pending.push(row);
        length += 1;
        if (pending.length === batchRows) full.push(close());
      }
      return full;
    },
    flush,
    finish() {
      flush();
      return new Table(schema, kept);
    }
  };
}
