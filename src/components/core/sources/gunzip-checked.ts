import type {Codecs} from "./codecs.js";
import {crc32} from "./crc32.js";

/**
 * Gzip unpacked piece by piece, and compared with the checksum at its end. A file of several members (bgzip) is unpacked without that: each has
 * a checksum of its own. Throws an Error on damage.
 * Source: RFC 1952, 2.3.1.
 */
export function* gunzipChecked(pieces: Iterable<Uint8Array>, codecs: Codecs): Generator<Uint8Array<ArrayBuffer>> {
  const tail = new Uint8Array(8);
  let sum = 0;
  let length = 0;
  const watched = function* () {
    for (const piece of pieces) {
      const kept = piece.subarray(-8);
      tail.copyWithin(0, kept.length);
      tail.set(kept, 8 - kept.length);
      yield piece;
    }
  };
  for (const piece of codecs.gunzipPieces(watched())) {
    sum = crc32(piece, sum);
    length += piece.length;
    yield piece;
  }
  const view = new DataView(tail.buffer);
  // Of several members, the length at the end is the last one's.
  const isOne = view.getUint32(4, true) === length % 2 ** 32;
  if (isOne && view.getUint32(0, true) !== sum) throw new Error("its checksum is another");
}
