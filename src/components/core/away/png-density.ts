/**
 * The PNG `bytes` with its resolution in dots an inch (chunk pHYs of the PNG specification, 11.3.4.3), so that it is printed at its size. A picture of a
 * canvas has none.
 */
export function withDensity(bytes: Uint8Array, dots: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const perMeter = Math.round(dots / 0.0254);
  view.setUint32(0, 9);
  chunk.set(new TextEncoder().encode("pHYs"), 4);
  view.setUint32(8, perMeter);
  view.setUint32(12, perMeter);
  view.setUint8(16, 1);
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  // It stands after the signature (8 bytes) and the header (25).
  const at = 33;
  const whole = new Uint8Array(bytes.length + chunk.length);
  whole.set(bytes.subarray(0, at));
  whole.set(chunk, at);
  whole.set(bytes.subarray(at), at + chunk.length);
  return whole;
}

/** The checksum of PNG's chunks (annex D). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
