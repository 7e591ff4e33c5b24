import {readFileSync} from "node:fs";
import type {CellStatus} from "../../src/components/core/types.js";

/** One cell of sentences.py's output. */
export interface ReferenceCell {
  row: number;
  status: CellStatus;
  tokens: number[] | null;
  /** Aligned index and float32 probability of each entry; null where there is no distribution. */
  genes: Int32Array | null;
  probabilities: Float32Array | null;
  /** The row as the file holds it; null unless it was asked for. */
  columns: Int32Array | null;
  counts: Float64Array | null;
}

/** What sentences.py wrote: its header and a cell a line. */
export interface ReferenceFile {
  nCells: number;
  /** Gene names of the file, as Python chose them. */
  names: string[];
  matched: number;
  numpy: string;
  cells: ReferenceCell[];
}

interface Line {
  row: number;
  status: CellStatus;
  tokens: number[] | null;
  genes?: string;
  probabilities?: string;
  columns?: string;
  counts?: string;
}

/** Reads the output of sentences.py (JSON lines; arrays as little-endian base64). */
export function readReference(path: string): ReferenceFile {
  const [first, ...rest] = readFileSync(path, "utf8").trimEnd().split("\n");
  const header = JSON.parse(first) as {n_cells: number; names: string[]; matched: number; numpy: string};
  return {
    nCells: header.n_cells,
    names: header.names,
    matched: header.matched,
    numpy: header.numpy,
    cells: rest.map((text) => {
      const line = JSON.parse(text) as Line;
      return {
        row: line.row,
        status: line.status,
        tokens: line.tokens,
        genes: decode(line.genes, (buffer) => new Int32Array(buffer)),
        probabilities: decode(line.probabilities, (buffer) => new Float32Array(buffer)),
        columns: decode(line.columns, (buffer) => new Int32Array(buffer)),
        counts: decode(line.counts, (buffer) => new Float64Array(buffer))
      };
    })
  };
}

function decode<A>(text: string | undefined, view: (buffer: ArrayBuffer) => A): A | null {
  return text === undefined ? null : view(Uint8Array.from(Buffer.from(text, "base64")).buffer);
}
