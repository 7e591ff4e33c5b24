/** What LZF's plugin asks for and h5wasm's module does not offer: the address of C's error number. */
const missing = "__errno_location";
/**
 * What it gets instead: another of its own functions without arguments that gives an address. The number then stands in
 * the first field of the filter's description, its version, which HDF5 reads once, before the first chunk.
 */
const standIn = "H5PLget_plugin_info";
/** Room for an unpacked chunk where the file does not say: (local.set 1 (i32.load (local.get 4))), the packed size. */
const packedSize = Uint8Array.of(0x20, 0x04, 0x28, 0x02, 0x00, 0x21, 0x01);
/** (local.set 1 (i32.const 4 MiB)): h5py's chunks hold 2^17 strings of 16 bytes, 2 MiB, at most, unless told. */
const enough = Uint8Array.of(0x41, 0x80, 0x80, 0x80, 0x02, 0x21, 0x01);
const importSection = 2;

/**
 * Mends the plugin `file` of h5wasm-plugins 0.2.1, given and returned as bytes; others come back as they are. LZF's
 * aborts at any chunk that it cannot unpack into the room it was told of, and for arrays of strings h5py tells none.
 * Source: h5py's lzf_filter.c, which tries again with more room; WebAssembly core specification, 5.4 and 5.5.
 */
export function mendPlugin(file: string, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (file !== "libH5Zlzf.so") return bytes;
  const parts: Uint8Array<ArrayBuffer>[] = [bytes.slice(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const id = bytes[at];
    const {value: size, next} = readLength(bytes, at + 1);
    const section = bytes.slice(next, next + size);
    const mended =
      id === importSection ? replace(section, named(missing), named(standIn)) : replace(section, packedSize, enough);
    parts.push(Uint8Array.of(id, ...length(mended.length)), mended);
    at = next + size;
  }
  return join(parts);
}

/** A name as WebAssembly writes it: its length, then its letters. */
function named(text: string): Uint8Array<ArrayBuffer> {
  return join([Uint8Array.from(length(text.length)), new TextEncoder().encode(text)]);
}

function readLength(bytes: Uint8Array, at: number): {value: number; next: number} {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return {value, next: at};
  }
}

function length(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...length(value >>> 7)];
}

/** `bytes` with the first `pattern`, if there is one, replaced. */
function replace(bytes: Uint8Array<ArrayBuffer>, pattern: Uint8Array, by: Uint8Array): Uint8Array<ArrayBuffer> {
  for (let at = 0; at + pattern.length <= bytes.length; ++at) {
    if (pattern.every((byte, i) => bytes[at + i] === byte)) {
      return join([bytes.slice(0, at), by, bytes.slice(at + pattern.length)]);
    }
  }
  return bytes;
}

function join(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
