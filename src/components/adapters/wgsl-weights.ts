import {WorkbookError} from "../core/errors.js";
import {numberType, type Arithmetic, type Kernel} from "../core/kernels/kernel.js";
import {placeBlocks, placeGroups, placeNumbers} from "../core/kernels/place-weights.js";
import {weightPlaces, type WeightPlace, type WeightTarget} from "../core/kernels/weight-places.js";
import type {Architecture} from "../core/model/bundle.js";
import type {WeightPart} from "../core/model/read-weights.js";

/** The standard's bits of GPUBufferUsage. */
const usage = {copyTo: 8, uniform: 64, storage: 128} as const;
/** Bytes that wait to be placed at most: then the device is waited for, and what was placed is let go of. */
const mostWaiting = 64 << 20;

/** Makes a pipeline of a kernel, or gives the one that was made of the same code. */
export type PipelineMaker = (kernel: Pick<Kernel, "code">) => Promise<GPUComputePipeline>;

/**
 * Brings weights to a device as the kernels bind them, one after another as they are read: matrices that lie in blocks go as they are and are widened there. Gives the
 * buffers by name. Throws a WorkbookError of domain "model", code "no-such-weight", where one is missing.
 */
export async function uploadWeights(
  device: GPUDevice,
  {model, tableRows, arithmetic}: {model: Architecture; tableRows: number; arithmetic: Arithmetic},
  weights: AsyncIterable<WeightPart> | Iterable<WeightPart>,
  pipeline: PipelineMaker
): Promise<Map<string, GPUBuffer>> {
  const targets = weightPlaces(model, tableRows);
  const missing = new Map(Array.from(targets, ([name, {size}]) => [name, size]));
  const buffers = new Map<string, GPUBuffer>();
  let waiting: GPUBuffer[] = [];
  const output = numberType(arithmetic);
  const bufferOf = ({buffer, size}: WeightPlace, bytes: number): GPUBuffer => {
    const made = buffers.get(buffer) ?? device.createBuffer({size: size * bytes, usage: usage.storage | usage.copyTo});
    buffers.set(buffer, made);
    return made;
  };
  const stage = (bytes: Uint8Array, bits: number = usage.storage): GPUBuffer => {
    const buffer = device.createBuffer({size: Math.ceil(bytes.byteLength / 4) * 4, usage: bits | usage.copyTo});
    device.queue.writeBuffer(buffer, 0, padded(bytes));
    waiting.push(buffer);
    return buffer;
  };

  for await (const part of weights) {
    const target = targets.get(part.name);
    if (target === undefined) continue;
    const left = missing.get(part.name)! - part.shape.reduce((product, size) => product * size, 1);
    if (left > 0) missing.set(part.name, left);
    else missing.delete(part.name);
    if (target.matrix) await placeMatrix(part, target);
    else placeVector(part, target);
    if (waiting.reduce((sum, {size}) => sum + size, 0) >= mostWaiting) await settle();
  }
  await settle();
  for (const name of missing.keys()) throw noSuchWeight(name);
  return buffers;

  function placeVector({from, widen}: WeightPart, {places}: WeightTarget): void {
    const values = widen();
    for (const place of places) {
      const begin = Math.max(place.from, from);
      const end = Math.min(place.to, from + values.length);
      if (begin >= end) continue;
      device.queue.writeBuffer(bufferOf(place, 4), 4 * (begin - place.from), values, begin - from, end - begin);
    }
  }

  async function placeMatrix(
    {blocks, widen}: WeightPart,
    {size, outputs, places: [place]}: WeightTarget
  ): Promise<void> {
    const inputs = size / outputs;
    const kernel = blocks === null ? placeNumbers(output) : placeBlocks(output, blocks.bits, blocks.length);
    const made = await pipeline(kernel);
    const values = blocks === null ? widen() : null;
    const sources =
      blocks === null
        ? [stage(new Uint8Array(values!.buffer, values!.byteOffset, values!.byteLength))]
        : [stage(blocks.values), stage(blocks.scales)];
    const shape = Uint32Array.of(inputs, outputs, place.columns, place.first);
    const bound = [
      stage(new Uint8Array(shape.buffer), usage.uniform),
      ...sources,
      bufferOf(place, output === "f16" ? 2 : 4)
    ];
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(made);
    const entries = bound.map((buffer, binding) => ({binding, resource: {buffer}}));
    pass.setBindGroup(0, device.createBindGroup({layout: made.getBindGroupLayout(0), entries}));
    pass.dispatchWorkgroups(...placeGroups(outputs, blocks === null ? inputs : (inputs * blocks.bits) / 32));
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  async function settle(): Promise<void> {
    await device.queue.onSubmittedWorkDone();
    for (const buffer of waiting) buffer.destroy();
    waiting = [];
  }
}

/** Bytes in whole words, as a device takes them. */
function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength % 4 === 0) return bytes as Uint8Array<ArrayBuffer>;
  const words = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4);
  words.set(bytes);
  return words;
}

function noSuchWeight(name: string): WorkbookError {
  return new WorkbookError({
    domain: "model",
    code: "no-such-weight",
    fault: `the model's files have no ${name}, or a part of it is missing`,
    place: name,
    remedy: "convert the checkpoint again"
  });
}
