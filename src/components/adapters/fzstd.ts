import {decompress} from "fzstd";

/** The content of Zstandard frames, by fzstd. Throws an Error on damaged data. */
export function unzstd(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return decompress(bytes) as Uint8Array<ArrayBuffer>;
}
