/**
 * Unpacks a block of BloscLZ into `out`, from its start; answers the bytes written. Throws a RangeError where the block is damaged or does not fit.
 * Source: c-blosc 1.21, blosclz.c (blosclz_decompress).
 */
export function unpackBloscLz(block: Uint8Array, out: Uint8Array): number {
  const farthest = 8191;
  let at = 1;
  let to = 0;
  let control = block[0] & 31;
  const next = (): number => {
    if (at >= block.length) throw new RangeError("BloscLZ: cut short");
    return block[at++];
  };
  for (;;) {
    if (control >= 32) {
      let match = (control >> 5) - 1;
      let back = (control & 31) << 8;
      if (match === 6) {
        let more: number;
        do match += more = next();
        while (more === 255);
      }
      const low = next();
      match += 3;
      back += low;
      if (low === 255 && back - low === 31 << 8) back = ((next() << 8) | next()) + farthest;
      back += 1;
      if (back > to || to + match > out.length) throw new RangeError("BloscLZ: outside");
      for (let i = 0; i < match; i++) out[to + i] = out[to + i - back];
      to += match;
    } else {
      const literals = control + 1;
      if (at + literals > block.length || to + literals > out.length) throw new RangeError("BloscLZ: too long");
      out.set(block.subarray(at, at + literals), to);
      at += literals;
      to += literals;
    }
    if (at >= block.length) return to;
    control = block[at++];
  }
}
