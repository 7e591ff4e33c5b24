import type {Table} from "apache-arrow";
import {embeddingsTable, readEmbeddings} from "../tables/embeddings.js";
import type {Provenance} from "../tables/provenance.js";
import type {ResultStore} from "./result-store.js";

/** Vectors of single cells as a run finishes them, so that an interrupted run goes on where it stopped. */
export interface VectorStore {
  /** Vectors kept for `rows`, from this or an earlier run, whichever cells that one chose. */
  read(rows: Int32Array): Promise<Map<number, Float32Array>>;
  /** Keeps a batch: `vectors` is rows.length x width. Rejects as the object store does. */
  append(rows: Int32Array, vectors: Float32Array, width: number): Promise<void>;
}

/** Batches in files of their own before they are joined into one, which bounds the number of files to open. */
const mostPieces = 32;

/**
 * The vectors at address `key`, in tables "part-N": one a batch, joined from time to time. A part is an embeddings table
 * without names of cells. Parts are only ever added, and removed when a larger one holds their rows.
 */
export function createVectorStore(store: ResultStore, key: string, provenance: Provenance): VectorStore {
  let pieces: {name: string; rows: Int32Array; vectors: Float32Array}[] = [];
  let count = 0;
  // Not to be mistaken for a part that an earlier run, or another tab, wrote.
  const run = Math.random().toString(36).slice(2, 10);

  async function write(rows: Int32Array, vectors: Float32Array, width: number): Promise<string> {
    const name = `part-${run}-${++count}`;
    await store.write(key, name, partTable(rows, vectors, width, provenance));
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
    async append(rows, vectors, width) {
      if (rows.length === 0) return;
      pieces.push({name: await write(rows, vectors, width), rows, vectors});
      if (pieces.length < mostPieces) return;
      const joined = pieces;
      pieces = [];
      const all = Int32Array.from(joined.flatMap((piece) => [...piece.rows]));
      const together = new Float32Array(all.length * width);
      joined.reduce((at, piece) => (together.set(piece.vectors, at), at + piece.vectors.length), 0);
      await write(all, together, width);
      for (const {name} of joined) await store.remove(key, name);
    }
  };
}

function partTable(rows: Int32Array, vectors: Float32Array, width: number, provenance: Provenance): Table {
  const cellIds = Array.from(rows, () => "");
  const status = Array.from(rows, () => "ok" as const);
  return embeddingsTable({rows, cellIds, status, nTokens: new Int32Array(rows.length), vectors, width}, provenance);
}
