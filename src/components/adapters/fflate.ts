import {Gunzip, Inflate, inflateSync, unzlibSync} from "fflate/browser";
import type {Codecs} from "../core/sources/codecs.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** Deflate in its three wrappings, by fflate. */
export const deflateCodecs: Omit<Codecs, "unzstd"> = {
  gunzip: (bytes) => joined(unpacked(() => new Gunzip(), [bytes])),
  gunzipPieces: (pieces) => unpacked(() => new Gunzip(), pieces),
  unzlib: (bytes) => unzlibSync(bytes) as Bytes,
  inflate: (bytes) => inflateSync(bytes) as Bytes,
  inflatePieces: (pieces) => unpacked(() => new Inflate(), pieces)
};

/** What both of fflate's streams are. */
interface Stream {
  ondata: ((data: Uint8Array, final: boolean) => void) | undefined;
  push(chunk: Uint8Array, final?: boolean): void;
}

function* unpacked(open: () => unknown, pieces: Iterable<Uint8Array>): Generator<Bytes> {
  const stream = open() as Stream;
  const ready: Bytes[] = [];
  stream.ondata = (data) => void ready.push(data as Bytes);
  let last: Uint8Array | null = null;
  for (const piece of pieces) {
    // A piece is good until the next one is asked for, so it is kept as a copy until it is known whether it is the last.
    if (last !== null) stream.push(last);
    last = piece.slice();
    yield* ready.splice(0);
  }
  stream.push(last ?? new Uint8Array(0), true);
  yield* ready;
}

function joined(pieces: Iterable<Bytes>): Bytes {
  const all = [...pieces];
  const out = new Uint8Array(all.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const piece of all) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
