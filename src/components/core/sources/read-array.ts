import {isWorkbookError} from "../errors.js";
import type {H5NumericArray} from "../anndata/h5-reader.js";
import type {ByteFile} from "./byte-file.js";
import type {Codecs} from "./codecs.js";
import {damagedPart} from "./source-errors.js";
import {decodeChunk, undoCodec, type ChunkValues} from "./decode-chunk.js";
import type {ZarrArray, ZarrPipeline} from "./zarr-array.js";

/** Unpacked chunks of an array that are kept, in bytes; the last one whatever its size. */
const mostKept = 32 * 2 ** 20;

/** What reading an array needs. */
export interface ChunkSource {
  /** Name of the store, and the array's path, for messages. */
  name: string;
  place: string;
  /** A chunk's or shard's file; null where it was never written. */
  open(key: string): ByteFile | null;
  codecs: Codecs;
}

/**
 * Reads selections of a Zarr array, keeping what it unpacked last. `read` gives the elements row-major, or null for a type that is not read; throws a
 * WorkbookError "damaged" that names the chunk.
 */
export class ArrayReader {
  private readonly kept = new Map<string, ChunkValues>();
  private keptBytes = 0;
  private readonly shards = new Map<string, {file: ByteFile; index: Float64Array}>();
  /** The chunks that are unpacked one at a time: those in shards, where there are shards. */
  private readonly unit: ZarrPipeline;

  constructor(
    private readonly array: ZarrArray,
    private readonly source: ChunkSource
  ) {
    this.unit = array.inner?.pipeline ?? array;
  }

  read(selection: readonly (readonly [number, number])[]): ChunkValues | null {
    const {chunks, type} = this.unit;
    if (type.layout.dtype.kind === "other") return null;
    const lengths = selection.map(([start, stop]) => stop - start);
    const count = lengths.reduce((product, n) => product * n, 1);
    const out = this.filled(count);
    if (count === 0) return out;
    const first = selection.map(([start], axis) => Math.floor(start / chunks[axis]));
    const last = selection.map(([, stop], axis) => Math.ceil(stop / chunks[axis]));
    const place = [...first];
    for (;;) {
      const values = this.chunk(place);
      if (values !== null) copyPart(values, chunks, place, out, selection, lengths);
      let axis = place.length - 1;
      for (; axis >= 0; axis--) {
        if (++place[axis] < last[axis]) break;
        place[axis] = first[axis];
      }
      if (axis < 0) return out;
    }
  }

  /** The elements of a chunk; null where it was never written. */
  private chunk(place: readonly number[]): ChunkValues | null {
    const key = place.join(" ");
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const bytes = this.array.inner === null ? this.wholeFile(this.array.keyOf(place)) : this.partOfShard(place);
    if (bytes === null) return null;
    const values = this.orDamaged(key, () => decodeChunk(bytes, this.unit, this.source.codecs));
    if (values === null) return null;
    this.keep(key, values);
    return values;
  }

  private keep(key: string, values: ChunkValues): void {
    this.kept.set(key, values);
    this.keptBytes += sizeOf(values);
    for (const [old, oldest] of this.kept) {
      if (this.keptBytes <= mostKept || this.kept.size === 1) return;
      this.keptBytes -= sizeOf(oldest);
      this.kept.delete(old);
    }
  }

  private wholeFile(key: string): Uint8Array<ArrayBuffer> | null {
    const file = this.source.open(key);
    return file === null ? null : file.read(0, file.byteLength);
  }

  private partOfShard(place: readonly number[]): Uint8Array<ArrayBuffer> | null {
    const {chunks} = this.array;
    const per = chunks.map((length, axis) => length / this.unit.chunks[axis]);
    const shard = this.shard(this.array.keyOf(place.map((at, axis) => Math.floor(at / per[axis]))), per);
    if (shard === null) return null;
    const at = place.reduce((sum, n, axis) => sum * per[axis] + (n % per[axis]), 0);
    const [offset, length] = shard.index.subarray(2 * at, 2 * at + 2);
    if (offset >= 2 ** 63) return null;
    return this.orDamaged(place.join(" "), () => {
      if (offset + length > shard.file.byteLength) throw new Error("it stands outside its shard");
      return shard.file.read(offset, offset + length);
    });
  }

  private shard(key: string, per: number[]): {file: ByteFile; index: Float64Array} | null {
    const known = this.shards.get(key);
    if (known !== undefined) return known;
    const file = this.source.open(key);
    if (file === null) return null;
    const {indexAtEnd, indexHasChecksum} = this.array.inner!;
    const bytes = 16 * per.reduce((product, n) => product * n, 1) + (indexHasChecksum ? 4 : 0);
    const index = this.orDamaged(key, () => {
      if (bytes > file.byteLength) throw new Error("a shard is cut short");
      const start = indexAtEnd ? file.byteLength - bytes : 0;
      const stored = file.read(start, start + bytes);
      const own = (indexHasChecksum ? undoCodec(stored, "crc32c", this.source.codecs) : stored).slice();
      return Float64Array.from(new BigUint64Array(own.buffer), Number);
    });
    if (this.shards.size > 64) this.shards.clear();
    this.shards.set(key, {file, index});
    return {file, index};
  }

  private filled(count: number): ChunkValues {
    const {array, unit} = this;
    const {kind, size} = unit.type.layout.dtype;
    const {fill} = array;
    if (kind === "string") return new Array<string>(count).fill(typeof fill === "string" ? fill : "");
    const made = arrayFor(kind, size, count);
    const value = numberOf(fill);
    if (value === 0) return made;
    if (made instanceof BigInt64Array || made instanceof BigUint64Array) return made.fill(BigInt(value));
    return made.fill(value);
  }

  private orDamaged<T>(chunk: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (isWorkbookError(error)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw damagedPart(this.source.name, this.source.place, `chunk ${chunk || "0"}: ${why}`, error);
    }
  }
}

function sizeOf(values: ChunkValues): number {
  return Array.isArray(values) ? values.length * 32 : values.byteLength;
}

/** What `decodeElements` gives for such elements. */
function arrayFor(kind: string, size: number, count: number): H5NumericArray {
  if (kind === "boolean") return new Uint8Array(count);
  if (kind === "float") return size === 8 ? new Float64Array(count) : new Float32Array(count);
  const signed = {1: Int8Array, 2: Int16Array, 4: Int32Array, 8: BigInt64Array};
  const unsigned = {1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array};
  return new (kind === "int" ? signed : unsigned)[size as 1](count);
}

/** A fill value as a number; those of floats may be text. */
function numberOf(fill: unknown): number {
  if (typeof fill === "boolean") return Number(fill);
  if (typeof fill === "string") return fill === "Infinity" || fill === "-Infinity" ? Number(fill) : NaN;
  return typeof fill === "number" ? fill : 0;
}

/** Copies what a chunk has of a selection to its place there. */
function copyPart(
  values: ChunkValues,
  chunks: readonly number[],
  place: readonly number[],
  out: ChunkValues,
  selection: readonly (readonly [number, number])[],
  lengths: readonly number[]
): void {
  const rank = chunks.length;
  const from = selection.map(([start], axis) => Math.max(start, place[axis] * chunks[axis]));
  const to = selection.map(([, stop], axis) => Math.min(stop, (place[axis] + 1) * chunks[axis]));
  const walk = (axis: number, inChunk: number, inOut: number): void => {
    if (axis === rank) return void (out[inOut] = values[inChunk]);
    const source = (inChunk: number, at: number) => inChunk * chunks[axis] + at - place[axis] * chunks[axis];
    const target = (inOut: number, at: number) => inOut * lengths[axis] + at - selection[axis][0];
    if (axis === rank - 1) {
      const start = source(inChunk, from[axis]);
      const end = start + to[axis] - from[axis];
      const goal = target(inOut, from[axis]);
      if (Array.isArray(values)) for (let i = start; i < end; i++) out[goal + i - start] = values[i];
      else (out as Float64Array).set(values.subarray(start, end) as Float64Array, goal);
      return;
    }
    for (let at = from[axis]; at < to[axis]; at++) walk(axis + 1, source(inChunk, at), target(inOut, at));
  };
  walk(0, 0, 0);
}
