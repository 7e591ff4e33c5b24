/** What undoes compression, at once. Every function throws an Error on damaged data; what calls it says of which file. */
export interface Codecs {
  /** All of a gzip file, of several members too. */
  gunzip(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  /** The same piece by piece. A piece is good until the next one. */
  gunzipPieces(pieces: Iterable<Uint8Array>): Iterable<Uint8Array<ArrayBuffer>>;
  /** A zlib stream. */
  unzlib(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  /** A deflate stream without header, as zip has it. */
  inflate(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  inflatePieces(pieces: Iterable<Uint8Array>): Iterable<Uint8Array<ArrayBuffer>>;
  /** A Zstandard frame, or several. */
  unzstd(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
}
