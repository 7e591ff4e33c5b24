const tableOf = (polynomial: number): Uint32Array =>
  Uint32Array.from({length: 256}, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });

const plain = tableOf(0xedb88320);
const castagnoli = tableOf(0x82f63b78);

/** CRC-32 of `bytes` as gzip and zip have it, going on from `before` (0): an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return sumOf(bytes, plain, before);
}

/** CRC-32C (Castagnoli) of `bytes`, as Zarr v3 has it. */
export function crc32c(bytes: Uint8Array): number {
  return sumOf(bytes, castagnoli, 0);
}

function sumOf(bytes: Uint8Array, table: Uint32Array, before: number): number {
  let value = ~before;
  for (let i = 0; i < bytes.length; i++) value = (value >>> 8) ^ table[(value ^ bytes[i]) & 255];
  return ~value >>> 0;
}
