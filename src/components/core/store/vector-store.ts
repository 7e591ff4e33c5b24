import type {Table} from "apache-arrow";
import {embeddingsTable, readEmbeddings} from "../tables/embeddings.js";
import type {Provenance} from "../tables/provenance.js";
import type {ResultStore} from "./result-store.js";

/** Vectors of some cells, row-major. */
export interface VectorBatch {
  rows: Int32Array;
  vectors: Float32Array;
}

/** Vectors of single cells as a run finishes them, so that an interrupted run goes on where it stopped. */
export interface VectorStore {
  /** Vectors kept for `rows`, from this or an earlier run, whichever cells that one chose. */
  read(rows: Int32Array): Promise<Map<number, Float32Array>>;
  /** Keeps batches together: `vectors` of each is rows.length x width. Rejects as the object store does. */
  append(batches: readonly VectorBatch[], width: number): Promise<void>;
}

/** Batches in files of their own before they are joined into one, which bounds the number of files to open. */
const mostPieces = 32;

/**
 * The vectors at address `key`, in tables "part-N": one a batch, joined from time to time. A part is an embeddings table
 * without names of cells. Parts are only ever added, and removed when a larger one holds their rows.
 */
export function createVectorStore(store: ResultStore, key: string, provenance: Provenance): VectorStore {
  let pieces: (VectorBatch & {name: string})[] = [];
  let count = 0;
  // Not to be mistaken for a part that an earlier run, or another tab, wrote.
  const run = Math.random().toString(36).slice(2, 10);

  async function write(batch: VectorBatch, width: number): Promise<string> {
    const name = `part-${run}-${++count}`;
    await store.write(key, name, partTable(batch, width, provenance), {isNew: true});
    return name;
  }

  return {
    async read(wanted) {
      const asked = new Set(wanted);
      const found = new Map<number, Float32Array>();
      for await (const table of store.each(key, "part-")) {
        const {rows, vectors, width, index} = readEmbeddings(table);
        index.forEach((place, i) => {
          if (asked.has(rows[place])) found.set(rows[place], vectors.slice(i * width, (i + 1) * width));
        });
      }
      return found;
    },
    async append(batches, width) {
      const batch = together(batches);
      if (batch.rows.length === 0) return;
      pieces.push({name: await write(batch, width), ...batch});
      if (pieces.length < mostPieces) return;
      const joined = pieces;
      pieces = [];
      await write(together(joined), width);
      for (const {name} of joined) await store.remove(key, name);
    }
  };
}

/** Batches one after the other; a single one as it is. */
function together(batches: readonly VectorBatch[]): VectorBatch {
  if (batches.length === 1) return batches[0];
  const sum = (lengthOf: (batch: VectorBatch) => number) => batches.reduce((all, batch) => all + lengthOf(batch), 0);
  const rows = new Int32Array(sum((batch) => batch.rows.length));
  const vectors = new Float32Array(sum((batch) => batch.vectors.length));
  batches.reduce((at, batch) => (rows.set(batch.rows, at), at + batch.rows.length), 0);
  batches.reduce((at, batch) => (vectors.set(batch.vectors, at), at + batch.vectors.length), 0);
  return {rows, vectors};
}

function partTable({rows, vectors}: VectorBatch, width: number, provenance: Provenance): Table {
  const cellIds = Array.from(rows, () => "");
  const status = Array.from(rows, () => "ok" as const);
  return embeddingsTable({rows, cellIds, status, nTokens: new Int32Array(rows.length), vectors, width}, provenance);
}
