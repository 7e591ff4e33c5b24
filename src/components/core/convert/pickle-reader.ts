import {pickleFault} from "./pickle-machine.js";

/** Numbers and texts of a pickle, one after the other. Throws "bad-pickle" where the bytes end before what is asked for. */
export class PickleReader {
  /** Place of the next byte. */
  at = 0;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly name: string
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A little-endian number of 1, 2 or 4 bytes without sign. */
  number(size: 1 | 2 | 4): number {
    const at = this.take(size);
    if (size === 1) return this.view.getUint8(at);
    return size === 2 ? this.view.getUint16(at, true) : this.view.getUint32(at, true);
  }

  /** A whole number of `size` bytes with sign, little-endian; one that JavaScript cannot hold exactly is refused. */
  long(size: number): number {
    const at = this.take(size);
    let value = 0n;
    for (let i = size - 1; i >= 0; --i) value = (value << 8n) | BigInt(this.view.getUint8(at + i));
    const signed = Number(BigInt.asIntN(8 * size, value));
    if (Number.isSafeInteger(signed)) return signed;
    throw pickleFault(this.name, "bad-pickle", `holds the number ${signed}, too large for a size or place`);
  }

  /** A big-endian float64. */
  double(): number {
    return this.view.getFloat64(this.take(8));
  }

  /** UTF-8 text of `size` bytes. */
  text(size: number): string {
    const at = this.take(size);
    return new TextDecoder().decode(this.bytes.subarray(at, at + size));
  }

  /** Text up to the next line break, which is skipped. */
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    const text = this.text((end < 0 ? this.bytes.length + 1 : end) - this.at);
    this.skip(1);
    return text;
  }

  skip(size: number): void {
    this.take(size);
  }

  private take(size: number): number {
    const at = this.at;
    if (at + size > this.bytes.length)
      throw pickleFault(this.name, "bad-pickle", `of ${this.bytes.length} bytes ends in the middle`);
    this.at += size;
    return at;
  }
}
