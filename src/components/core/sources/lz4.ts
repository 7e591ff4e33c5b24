/**
 * Unpacks an LZ4 block into `out`, from its start; answers the bytes written. Throws a RangeError where the block is damaged or does not fit.
 * Source: LZ4 block format description, 2022-07-31.
 */
export function unpackLz4(block: Uint8Array, out: Uint8Array): number {
  let at = 0;
  let to = 0;
  const length = (first: number): number => {
    let sum = first;
    for (let more = first === 15 ? 255 : 0; more === 255;) {
      if (at >= block.length) throw new RangeError("LZ4: cut short");
      more = block[at++];
      sum += more;
    }
    return sum;
  };
  while (at < block.length) {
    const token = block[at++];
    const literals = length(token >> 4);
    if (at + literals > block.length || to + literals > out.length) throw new RangeError("LZ4: too long");
    copyForward(block, at, out, to, literals);
    at += literals;
    to += literals;
    if (at >= block.length) break;
    if (at + 2 > block.length) throw new RangeError("LZ4: cut short");
    const back = block[at] | (block[at + 1] << 8);
    at += 2;
    const match = length(token & 15) + 4;
    if (back === 0 || back > to || to + match > out.length) throw new RangeError("LZ4: outside");
    copyForward(out, to - back, out, to, match);
    to += match;
  }
  return to;
}

/** Copies byte by byte from the front, so that what was written may be read again; long pieces that do not overlap at once. */
function copyForward(from: Uint8Array, at: number, out: Uint8Array, to: number, count: number): void {
  if (count > 32 && (from !== out || to - at >= count)) out.set(from.subarray(at, at + count), to);
  else for (let i = 0; i < count; i++) out[to + i] = from[at + i];
}
