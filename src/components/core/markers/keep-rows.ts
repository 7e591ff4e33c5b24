import type {CsrBlock} from "../types.js";

/** Rows of counts, as `CsrBlock`, whose numbers may take fewer bytes. */
export interface CountBlock extends Omit<CsrBlock, "indices" | "values"> {
  indices: Int32Array | Uint16Array;
  values: CsrBlock["values"] | Uint16Array | Uint8Array;
}

/** Rows that pass by and are kept on the way. */
export interface KeptRows {
  /** The blocks as they come, once; `onRows` hears how many rows have passed. */
  pass(onRows: (read: number) => void): AsyncGenerator<CsrBlock, void>;
  /** What was kept, and the bytes that it takes; null where it would take too much. */
  kept(): {blocks: readonly CountBlock[]; bytes: number} | null;
}

/**
 * Keeps rows of counts between two passes in as few bytes as they need, so that a file is read once: 2 bytes a gene's number up to 65,536 genes, 1 or 2 a whole count up to 65,535, which
 * most are; other values as they are. Above `most` bytes all is let go.
 */
export function keepRows(blocks: AsyncIterable<CsrBlock> | Iterable<CsrBlock>, most: number): KeptRows {
  let kept: CountBlock[] | null = [];
  let bytes = 0;
  function take(block: CsrBlock): void {
    if (kept === null) return;
    const small = smallBlock(block);
    bytes += small.indices.byteLength + small.values.byteLength + small.indptr.byteLength + small.rows.byteLength;
    kept.push(small);
    if (bytes > most) kept = null;
  }
  return {
    async *pass(onRows) {
      let read = 0;
      for await (const block of blocks) {
        take(block);
        onRows((read += block.rows.length));
        yield block;
      }
    },
    kept: () => kept && {blocks: kept, bytes}
  };
}

function smallBlock({rows, nCols, indptr, indices, values}: CsrBlock): CountBlock {
  return {
    rows,
    nCols,
    indptr,
    indices: nCols <= 65_536 ? new Uint16Array(indices) : indices,
    values: smallCounts(values)
  };
}

/** The same values in 1 or 2 bytes each where all are whole and fit; as they came otherwise. */
function smallCounts(values: CsrBlock["values"]): CountBlock["values"] {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (!(value >= 0 && value <= 65_535) || Math.trunc(value) !== value) return values;
    if (value > most) most = value;
  }
  return most <= 255 ? new Uint8Array(values) : new Uint16Array(values);
}
