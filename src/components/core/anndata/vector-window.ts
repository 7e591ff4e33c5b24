import type {H5DatasetNode, H5NumericArray, H5Reader} from "./h5-reader.js";
import {readNumbers} from "./values.js";

/** Chunks above this many bytes are not kept whole but in pieces of this size, each of which unpacks its chunk: memory goes before time. */
const largestKeptChunk = 64 * 1024 * 1024;

/**
 * Entries along the first axis that must be read together: a chunk that has to be unpacked. 1 where nothing is packed,
 * since any part of such a dataset can be read by itself, chunks or not.
 */
export function packedTogether({chunks, filters}: H5DatasetNode): number {
  return filters.length === 0 ? 1 : (chunks?.[0] ?? 1);
}

/**
 * Reads ranges of a one-dimensional dataset that come in ascending order. Where chunks are packed, reads end on their
 * borders and what is read beyond a range is kept for the next, so that a chunk is unpacked once.
 */
export class VectorWindow {
  private start = 0;
  private kept: H5NumericArray | null = null;
  private readonly length: number;
  private readonly chunk: number;

  constructor(
    private readonly reader: H5Reader,
    private readonly place: string
  ) {
    const node = reader.node(place);
    if (node?.kind !== "dataset") throw new RangeError(`no dataset at ${place}`);
    const chunk = packedTogether(node);
    this.length = node.shape[0] ?? 0;
    this.chunk = Math.min(chunk, Math.max(1, Math.floor(largestKeptChunk / node.dtype.size)));
  }

  /** Entries [start, stop), as a view that stays valid after the next call. */
  range(start: number, stop: number): H5NumericArray {
    if (stop <= start) return this.kept?.subarray(0, 0) ?? new Float32Array(0);
    const keptEnd = this.start + (this.kept?.length ?? 0);
    if (this.kept === null || start < this.start || stop > keptEnd) {
      const end = Math.min(this.length, Math.ceil(stop / this.chunk) * this.chunk);
      const overlaps = this.kept !== null && start >= this.start && start < keptEnd;
      const from = overlaps ? keptEnd : Math.floor(start / this.chunk) * this.chunk;
      const fresh = readNumbers(this.reader, this.place, [[from, Math.max(end, stop)]]);
      this.kept = overlaps ? join(this.kept!.subarray(start - this.start), fresh) : fresh;
      this.start = overlaps ? start : from;
    }
    return this.kept.subarray(start - this.start, stop - this.start);
  }
}

function join(head: H5NumericArray, tail: H5NumericArray): H5NumericArray {
  const constructor = tail.constructor as new (length: number) => H5NumericArray;
  const joined = new constructor(head.length + tail.length);
  joined.set(head as never, 0);
  joined.set(tail as never, head.length);
  return joined;
}
