/** How much of a compressed file tells what is inside. */
const compressedBytes = 1 << 16;

/**
 * The first unpacked bytes of a gzip-compressed file of `byteLength` bytes; none where it is damaged. `slice` reads a part of
 * the file. By the platform's DecompressionStream, in browsers and Node alike.
 */
export async function gunzipHead(
  slice: (start: number, end: number) => Uint8Array<ArrayBuffer>,
  byteLength: number
): Promise<Uint8Array> {
  const {readable, writable} = new DecompressionStream("gzip");
  // Asked for before anything is put in: the head of a larger file fails at its end, which would take what came out with it.
  const first = readable.getReader().read();
  const writer = writable.getWriter();
  const written = [writer.write(slice(0, Math.min(byteLength, compressedBytes))), writer.close()];
  void Promise.allSettled(written);
  try {
    return (await first).value ?? new Uint8Array(0);
  } catch {
    return new Uint8Array(0);
  }
}
