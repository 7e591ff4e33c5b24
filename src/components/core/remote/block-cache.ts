import type {ByteFile} from "../sources/byte-file.js";

/** How a file's blocks are read and kept. */
export interface BlockCacheOptions {
  /** Bytes of a block. */
  blockBytes: number;
  /** Most bytes of blocks that are kept. */
  mostKept: number;
  /** Most bytes that one request asks for beyond what is wanted. */
  mostAhead: number;
}

/**
 * Blocks of 64 KiB, 64 MiB of them, and up to 2 MiB ahead: measured over an h5ad of 2 GB (docs/reading.md). Smaller blocks cost requests,
 * larger ones bytes that nobody wants.
 */
export const blockDefaults: BlockCacheOptions = {blockBytes: 1 << 16, mostKept: 1 << 26, mostAhead: 1 << 21};

/** Places that are read on from are remembered for so many sequences: values, columns, names. */
const sequences = 8;

/** A file whose blocks are read once. */
export interface CachedFile extends ByteFile {
  /** What was asked of the file so far. */
  traffic(): {requests: number; bytes: number};
}

/**
 * `file`, of which blocks are read whole and kept, the least recently used given up first. Blocks that are wanted together are one read, and a reader that
 * goes on where it was gets twice as much ahead each time, so that a matrix that is stored in pieces is not a request a piece.
 */
export function blockCache(file: ByteFile, options: BlockCacheOptions = blockDefaults): CachedFile {
  const {blockBytes, mostKept, mostAhead} = options;
  const blocks = new Map<number, Uint8Array>();
  /** Ends of what was read, as block numbers, with the blocks that came with the last read. */
  const ends = new Map<number, number>();
  const count = Math.ceil(file.byteLength / blockBytes);
  const mostBlocks = Math.max(2, Math.floor(mostKept / blockBytes));
  const told = {requests: 0, bytes: 0};

  /** Reads blocks `first` to `last` (exclusive), some of which are wanted, and what is likely wanted next. */
  function fetchBlocks(first: number, last: number): void {
    const before = ends.get(first) ?? 0;
    const ahead = before === 0 ? 0 : Math.min(2 * before, Math.floor(mostAhead / blockBytes), mostBlocks >> 1);
    let stop = Math.max(last, Math.min(count, first + ahead));
    for (let block = last; block < stop; ++block) if (blocks.has(block)) stop = block;
    const start = first * blockBytes;
    const bytes = file.read(start, Math.min(file.byteLength, stop * blockBytes));
    told.requests += 1;
    told.bytes += bytes.length;
    for (let block = first; block < stop; ++block) {
      const from = block * blockBytes - start;
      // A copy, so that a block that is given up frees its memory.
      keep(block, bytes.slice(from, from + blockBytes));
    }
    ends.delete(first);
    ends.set(stop, stop - first);
    for (const end of ends.keys()) if (ends.size > sequences) ends.delete(end);
  }

  function keep(block: number, bytes: Uint8Array): void {
    blocks.delete(block);
    blocks.set(block, bytes);
    for (const old of blocks.keys()) {
      if (blocks.size <= mostBlocks) break;
      blocks.delete(old);
    }
  }

  /** One block, which is there or is read with those after it that are wanted up to `last` (exclusive). */
  function blockAt(block: number, last: number): Uint8Array {
    const known = blocks.get(block);
    if (known !== undefined) {
      keep(block, known);
      return known;
    }
    let stop = block + 1;
    while (stop < last && stop - block < mostBlocks >> 1 && !blocks.has(stop)) ++stop;
    fetchBlocks(block, stop);
    return blocks.get(block)!;
  }

  return {
    name: file.name,
    byteLength: file.byteLength,
    read(start, end) {
      const out = new Uint8Array(end - start);
      const last = Math.ceil(end / blockBytes);
      for (let at = start; at < end;) {
        const block = Math.floor(at / blockBytes);
        const from = at - block * blockBytes;
        const piece = blockAt(block, last).subarray(from, from + end - at);
        out.set(piece, at - start);
        at += piece.length;
      }
      return out;
    },
    traffic: () => ({...told}),
    close: () => {
      blocks.clear();
      file.close();
    }
  };
}
