import {bytesOf} from "../bytes-of.js";
import type {Architecture} from "../model/bundle.js";
import {noSuchWeight} from "../model/no-such-weight.js";
import type {WeightPart} from "../model/read-weights.js";
import {numberType, type Arithmetic, type Kernel} from "./kernel.js";
import {placeBlocks, placeGroups, placeNumbers} from "./place-weights.js";
import {weightPlaces} from "./weight-places.js";

/** A device's buffer of weights: its name, numbers and bytes of each. It is made when it is first named. */
export interface WeightBuffer {
  name: string;
  size: number;
  bytes: 2 | 4;
}

/** The device that weights are brought to. */
export interface WeightSink {
  /** Writes float32 numbers to a buffer, from its number `at` on. */
  write(buffer: WeightBuffer, at: number, values: Float32Array<ArrayBuffer>): void;
  /** Runs a kernel on a uniform of four numbers, what is read from `sources` (whole words of 32 bits), and the buffer, bound in this order. */
  run(
    kernel: Pick<Kernel, "code">,
    call: {
      shape: readonly number[];
      sources: readonly Uint8Array<ArrayBuffer>[];
      buffer: WeightBuffer;
      groups: [number, number, number];
    }
  ): Promise<void>;
  /** Rejects or resolves when all that was begun is done, and what was read for it is let go of. */
  settle(): Promise<void>;
}

/** Bytes that are under way at most. */
const mostWaiting = 64 << 20;

/**
 * Brings weights to a device as the kernels bind them, one after another as they are read: matrices that lie in blocks go as they are and are widened there. Throws a
 * WorkbookError of domain "model", code "no-such-weight", where one is missing, and what reading throws.
 */
export async function bringWeights(
  {model, tableRows, arithmetic}: {model: Architecture; tableRows: number; arithmetic: Arithmetic},
  weights: AsyncIterable<WeightPart> | Iterable<WeightPart>,
  sink: WeightSink
): Promise<void> {
  const targets = weightPlaces(model, tableRows);
  const missing = new Map(Array.from(targets, ([name, {size}]) => [name, size]));
  const output = numberType(arithmetic);
  let waiting = 0;
  for await (const {name, shape, from, blocks, widen} of weights) {
    const target = targets.get(name);
    if (target === undefined) continue;
    const left = missing.get(name)! - shape.reduce((product, size) => product * size, 1);
    if (left > 0) missing.set(name, left);
    else missing.delete(name);
    const {places, outputs, size} = target;
    if (target.matrix) {
      const [{buffer, size: whole, columns, first}] = places;
      const inputs = size / outputs;
      const sources = (blocks === null ? [bytesOf(widen())] : [blocks.values, blocks.scales]).map(inWords);
      const rows = blocks === null ? inputs : (inputs * blocks.bits) / 32;
      await sink.run(blocks === null ? placeNumbers(output) : placeBlocks(output, blocks.bits, blocks.length), {
        shape: [inputs, outputs, columns, first],
        sources,
        buffer: {name: buffer, size: whole, bytes: output === "f16" ? 2 : 4},
        groups: placeGroups(outputs, rows)
      });
      waiting += sources.reduce((sum, {byteLength}) => sum + byteLength, 0);
    } else {
      const values = widen();
      for (const place of places) {
        const begin = Math.max(place.from, from);
        const end = Math.min(place.to, from + values.length);
        const buffer = {name: place.buffer, size: place.size, bytes: 4} as const;
        if (begin < end) sink.write(buffer, begin - place.from, values.subarray(begin - from, end - from));
      }
      waiting += values.byteLength;
    }
    if (waiting < mostWaiting) continue;
    await sink.settle();
    waiting = 0;
  }
  await sink.settle();
  for (const name of missing.keys()) throw noSuchWeight(name);
}

/** Bytes with zeros up to a whole word of 32 bits, as devices take them. */
function inWords(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = Math.ceil(bytes.byteLength / 4) * 4;
  if (size === bytes.byteLength) return bytes as Uint8Array<ArrayBuffer>;
  const words = new Uint8Array(size);
  words.set(bytes);
  return words;
}
