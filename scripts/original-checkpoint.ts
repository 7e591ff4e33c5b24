import {open, type FileHandle} from "node:fs/promises";
import {sinusoids} from "../src/components/core/model/sinusoids.js";
import {crc32} from "../src/components/core/sources/crc32.js";
import {hashedValues, type HashedTensor} from "./hashed-checkpoint.js";

/** Sizes of a checkpoint of the original UCE. */
export interface OriginalSizes {
  vocabulary: number;
  inputWidth: number;
  width: number;
  feedForward: number;
  layers: number;
  maxLength: number;
  /** Widths of the decoder's blocks, the last one's without LayerNorm included. */
  decoder: readonly number[];
  /** Widths of the expression head behind its input; the last is 1. */
  head: readonly number[];
}

/** The published sizes: 4 or 33 layers. */
export const publishedOriginal = (layers: number): OriginalSizes => ({
  vocabulary: 145_469,
  inputWidth: 5120,
  width: 1280,
  feedForward: 5120,
  layers,
  maxLength: 1536,
  decoder: [1024, 1280, 1280, 1280],
  head: [2048, 512, 128, 1]
});

/** All tensors of a checkpoint in the public layout; sinusoidal positions have `scale` 0. */
export function originalTensors(sizes: OriginalSizes): HashedTensor[] {
  const {vocabulary, inputWidth: e, width: d, feedForward: f, layers, maxLength, decoder, head} = sizes;
  const tensors: HashedTensor[] = [];
  const add = (name: string, shape: number[], scale: number, around = 0) =>
    void tensors.push({name, shape, seed: tensors.length + 1, around, scale});
  const linear = (name: string, outputs: number, inputs: number, gain = 1, joint = ".") => {
    add(`${name}${joint}weight`, [outputs, inputs], (gain * Math.sqrt(12)) / Math.sqrt(inputs));
    add(`${name}${joint}bias`, [outputs], 0.2);
  };
  const norm = (name: string, width: number) => {
    add(`${name}.weight`, [width], 0.5, 1);
    add(`${name}.bias`, [width], 0.2);
  };
  const blocks = (name: string, first: number, widths: readonly number[]) =>
    widths.forEach((width, i) => {
      const inputs = i === 0 ? first : widths[i - 1];
      if (i === widths.length - 1) return linear(`${name}.${i}`, width, inputs);
      linear(`${name}.${i}.0`, width, inputs);
      norm(`${name}.${i}.1`, width);
    });
  add("pos_encoder.pe", [maxLength, 1, d], 0);
  linear("encoder.0", d, e);
  norm("encoder.2", d);
  for (let layer = 0; layer < layers; ++layer) {
    const name = `transformer_encoder.layers.${layer}`;
    linear(`${name}.self_attn.in_proj`, 3 * d, d, 2, "_");
    linear(`${name}.self_attn.out_proj`, d, d, 2);
    linear(`${name}.linear1`, f, d);
    linear(`${name}.linear2`, d, f);
    norm(`${name}.norm1`, d);
    norm(`${name}.norm2`, d);
  }
  blocks("decoder", d, decoder);
  blocks("binary_decoder", decoder.at(-1)! + d, head);
  linear("gene_embedding_layer.0", d, e);
  norm("gene_embedding_layer.2", d);
  add("pe_embedding.weight", [vocabulary, e], 2);
  return tensors;
}

/**
 * Writes a checkpoint of these sizes as torch.save does (a zip archive, nothing packed, numbers at multiples of 64 bytes, zip64 where it is larger than
 * 4 GB), its weights being hashes of their places. The same bytes on every machine; 4 MB are held at a time.
 */
export async function writeOriginalCheckpoint(path: string, sizes: OriginalSizes): Promise<void> {
  const tensors = originalTensors(sizes);
  const file = await open(path, "w");
  const zip = new StoredZip(file);
  await zip.add("model/data.pkl", [pickleOf(tensors)]);
  for (const [i, tensor] of tensors.entries()) await zip.add(`model/data/${i}`, piecesOf(tensor));
  await zip.add("model/version", [new TextEncoder().encode("3\n")]);
  await zip.end();
  await file.close();
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

function* piecesOf(tensor: HashedTensor): Generator<Uint8Array> {
  const count = sizeOf(tensor.shape);
  const most = 1 << 20;
  if (tensor.scale === 0) return yield new Uint8Array(sinusoids(tensor.shape[0], tensor.shape[2]).buffer);
  for (let first = 0; first < count; first += most)
    yield new Uint8Array(hashedValues(tensor, first, Math.min(most, count - first)).buffer);
}

/** The pickle of an OrderedDict of float32 tensors, protocol 2. */
function pickleOf(tensors: readonly HashedTensor[]): Uint8Array {
  const bytes: number[] = [];
  const ascii = (text: string) => bytes.push(...new TextEncoder().encode(text));
  const number = (value: number) => bytes.push(0x4a, ...new Uint8Array(Int32Array.of(value).buffer));
  const text = (value: string) => {
    bytes.push(0x58, ...new Uint8Array(Int32Array.of(value.length).buffer));
    ascii(value);
  };
  const numbers = (values: readonly number[]) => {
    ascii("(");
    values.forEach(number);
    ascii("t");
  };
  ascii("\x02ccollections\nOrderedDict\n)R(");
  bytes.unshift(0x80);
  tensors.forEach(({name, shape}, i) => {
    text(name);
    ascii("ctorch._utils\n_rebuild_tensor_v2\n((");
    text("storage");
    ascii("ctorch\nFloatStorage\n");
    text(String(i));
    text("cpu");
    number(sizeOf(shape));
    ascii("tQ");
    number(0);
    numbers(shape);
    numbers(shape.map((_, axis) => sizeOf(shape.slice(axis + 1))));
    bytes.push(0x89);
    ascii("ccollections\nOrderedDict\n)RtR");
  });
  ascii("u.");
  return Uint8Array.from(bytes);
}

const large = 0xffffffff;

/** A zip archive of files that are stored as they are. */
class StoredZip {
  private at = 0;
  private readonly entries: {path: string; at: number; bytes: number; crc: number}[] = [];

  constructor(private readonly file: FileHandle) {}

  async add(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
    const name = new TextEncoder().encode(path);
    const start = Math.ceil((this.at + 34 + name.length) / 64) * 64;
    let [bytes, crc] = [0, 0];
    for (const piece of pieces) {
      await this.file.write(piece, 0, piece.length, start + bytes);
      crc = crc32(piece, crc);
      bytes += piece.length;
    }
    if (bytes >= large) throw new Error(`${path} takes ${bytes} bytes, more than a zip's entry without zip64`);
    const padding = start - this.at - 30 - name.length;
    const head = new DataView(new ArrayBuffer(start - this.at));
    const fields = [0x04034b50, [0, 0, 0, 0, 0], crc, bytes, bytes, [name.length, padding]];
    write(head, fields);
    new Uint8Array(head.buffer).set(name, 30);
    // Padding is an extra field of PyTorch's own kind.
    write(head, [[0x4246, padding - 4]], 30 + name.length);
    await this.file.write(new Uint8Array(head.buffer), 0, head.byteLength, this.at);
    this.entries.push({path, at: this.at, bytes, crc});
    this.at = start + bytes;
  }

  async end(): Promise<void> {
    const from = this.at;
    for (const {path, at, bytes, crc} of this.entries) {
      const name = new TextEncoder().encode(path);
      const extra = at >= large ? 12 : 0;
      const entry = new DataView(new ArrayBuffer(46 + name.length + extra));
      const place = at >= large ? large : at;
      write(entry, [0x02014b50, [45, 45, 0, 0, 0, 0], crc, bytes, bytes, [name.length, extra, 0, 0, 0], 0, place]);
      new Uint8Array(entry.buffer).set(name, 46);
      if (extra > 0) {
        write(entry, [[1, 8]], 46 + name.length);
        entry.setBigUint64(50 + name.length, BigInt(at), true);
      }
      await this.put(entry);
    }
    const [size, count] = [this.at - from, this.entries.length];
    const wide = from >= large;
    if (wide) {
      const end = new DataView(new ArrayBuffer(76));
      write(end, [0x06064b50, 44, 0, [45, 45], 0, 0, count, 0, count, 0, size, 0]);
      end.setBigUint64(48, BigInt(from), true);
      write(end, [0x07064b50, 0], 56);
      end.setBigUint64(64, BigInt(this.at), true);
      end.setUint32(72, 1, true);
      await this.put(end);
    }
    const tail = new DataView(new ArrayBuffer(22));
    write(tail, [0x06054b50, [0, 0, count, count], size, wide ? large : from, [0]]);
    await this.put(tail);
  }

  private async put(view: DataView): Promise<void> {
    await this.file.write(new Uint8Array(view.buffer), 0, view.byteLength, this.at);
    this.at += view.byteLength;
  }
}

/** Writes 32-bit numbers, and 16-bit ones that stand in a list, one after the other. */
function write(view: DataView, fields: readonly (number | readonly number[])[], at = 0): void {
  for (const field of fields) {
    if (typeof field === "number") {
      view.setUint32(at, field, true);
      at += 4;
      continue;
    }
    for (const short of field) {
      view.setUint16(at, short, true);
      at += 2;
    }
  }
}
