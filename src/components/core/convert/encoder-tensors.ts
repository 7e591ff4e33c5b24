import {WorkbookError} from "../errors.js";
import {outputBlocks} from "../model/architecture.js";
import type {BlockNames, CheckpointSizes, DescribedCheckpoint} from "./checkpoint-layout.js";
import {linearTensor, vectorTensor} from "./graph-tensors.js";
import type {GraphTensor} from "./graph-tensors.js";
import {requireFinite} from "./require-finite.js";
import type {TensorFile} from "./tensor-file.js";
import {sinusoids} from "../model/sinusoids.js";

/**
 * Reads the transformer's weights from a checkpoint and names and lays them out as the encoder graph wants them
 * (docs/formats.md, "encoder.STORAGE.safetensors"). `maxLength` rows of learned positions are kept; of sinusoids only where the
 * checkpoint's differ from those that are computed on load, and they must agree with them roughly. Throws for missing or misshapen tensors
 * and for more layers in the file than config.json tells of.
 */
export async function readEncoderTensors(
  file: TensorFile,
  {sizes, layout, family}: DescribedCheckpoint,
  maxLength: number,
  signal?: AbortSignal
): Promise<GraphTensor[]> {
  const {layers, width} = sizes;
  checkLayerCount(file, layout.layers, layers);
  // All at once: a source that is far away answers several requests in the time of one. The first fault ends the others.
  const abort = new AbortController();
  const both = signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]);
  const running: Promise<unknown>[] = [];
  const read: Read = (name, ...shape) => {
    const reading = file.read(name, shape, both);
    reading.catch((error: unknown) => abort.abort(error));
    running.push(reading);
    return reading;
  };
  try {
    const [blocks, output, positions] = await Promise.all([
      Promise.all(
        Array.from({length: layers}, (_, layer) => readLayer(read, `${layout.layers}.${layer}`, layer, sizes))
      ),
      Promise.all(
        outputBlocks({width, output: family.output}).map((block) => readOutput(read, layout.output[block.index], block))
      ),
      readPositions(file, layout.positions, sizes, maxLength, both)
    ]);
    return [...blocks.flat(), ...output.flat(), ...(positions === null ? [] : [positions])];
  } finally {
    abort.abort();
    await Promise.allSettled(running);
  }
}

type Read = (name: string, ...shape: number[]) => Promise<Float32Array>;

async function readLayer(
  read: Read,
  source: string,
  layer: number,
  {width: d, feedForward}: CheckpointSizes
): Promise<GraphTensor[]> {
  const target = `layers.${layer}`;
  const linear = async (from: string, to: string, outputs: number, inputs: number): Promise<GraphTensor[]> => [
    linearTensor(`${target}.${to}.weight`, await read(`${source}.${from}.weight`, outputs, inputs), outputs, inputs),
    vectorTensor(`${target}.${to}.bias`, await read(`${source}.${from}.bias`, outputs))
  ];
  const norm = async (name: string): Promise<GraphTensor[]> => [
    vectorTensor(`${target}.${name}.weight`, await read(`${source}.${name}.weight`, d)),
    vectorTensor(`${target}.${name}.bias`, await read(`${source}.${name}.bias`, d))
  ];
  const attention = async (): Promise<GraphTensor[]> => {
    const packed = await read(`${source}.self_attn.in_proj_weight`, 3 * d, d);
    const matrices = ["query", "key", "value"].map((part, i) =>
      linearTensor(`${target}.attention.${part}.weight`, packed.subarray(i * d * d, (i + 1) * d * d), d, d)
    );
    const bias = await read(`${source}.self_attn.in_proj_bias`, 3 * d);
    return [...matrices, vectorTensor(`${target}.attention.bias`, bias)];
  };
  const parts = await Promise.all([
    attention(),
    linear("self_attn.out_proj", "attention.output", d, d),
    linear("linear1", "linear1", feedForward, d),
    linear("linear2", "linear2", d, feedForward),
    norm("norm1"),
    norm("norm2")
  ]);
  return parts.flat();
}

async function readOutput(
  read: Read,
  {linear, norm}: BlockNames,
  {index, inputs, width}: {index: number; inputs: number; width: number}
): Promise<GraphTensor[]> {
  const vector = async (name: string, from: string) => vectorTensor(`output.${index}.${name}`, await read(from, width));
  return [
    linearTensor(`output.${index}.weight`, await read(`${linear}.weight`, width, inputs), width, inputs),
    await vector("bias", `${linear}.bias`),
    ...(norm === null ? [] : [await vector("norm.weight", `${norm}.weight`), await vector("norm.bias", `${norm}.bias`)])
  ];
}

/**
 * Positions as the checkpoint holds them; null where they are the sinusoid that is computed on load anyway. A table of
 * sinusoids that differs from it by more than 1e-5 somewhere (float16, bfloat16, another exponential) is what the reference
 * adds, so it is carried.
 */
async function readPositions(
  file: TensorFile,
  name: string,
  {positions, maxSequenceLength, width: d}: CheckpointSizes,
  maxLength: number,
  signal?: AbortSignal
): Promise<GraphTensor | null> {
  const shape = positions === "learned" ? [maxSequenceLength, d] : [maxSequenceLength, 1, d];
  const values = await file.readRows(name, shape, 0, maxLength, signal);
  requireFinite(values, {file: file.name, tensor: name, rowLength: d});
  if (positions === "learned") return {name: "positions", shape: [maxLength, d], values, kind: "positions"};
  const apart = apartFromSinusoids(file, name, values, d);
  return apart <= 1e-5 ? null : {name: "positions", shape: [maxLength, d], values, kind: "sinusoids"};
}

function checkLayerCount(file: TensorFile, prefix: string, layers: number): void {
  let found = 0;
  for (const name of file.tensors.keys()) {
    const match = name.startsWith(`${prefix}.`) ? /^(\d+)\./.exec(name.slice(prefix.length + 1)) : null;
    if (match !== null) found = Math.max(found, Number(match[1]) + 1);
  }
  if (found === layers) return;
  throw new WorkbookError({
    domain: "checkpoint",
    code: "wrong-layers",
    fault: `config.json says num_layers ${layers} but ${file.name} holds ${found} layers`,
    remedy: "give the config.json and model.safetensors of one and the same checkpoint"
  });
}

/** Largest difference between a stored table and the sinusoids; throws where it cannot be theirs. */
function apartFromSinusoids(file: TensorFile, name: string, stored: Float32Array, width: number): number {
  const computed = sinusoids(stored.length / width, width);
  const tolerance = file.tensors.get(name)?.type === "F32" ? 1e-3 : 1e-2;
  let most = 0;
  for (let at = 0; at < stored.length; ++at) {
    const apart = Math.abs(stored[at] - computed[at]);
    if (apart > most) most = apart;
    if (apart <= tolerance) continue;
    throw new WorkbookError({
      domain: "checkpoint",
      code: "wrong-positions",
      fault:
        `${file.name} holds ${stored[at]} at position ${Math.floor(at / width)}, column ${at % width}, ` +
        `where the sinusoid that config.json declares is ${computed[at]}`,
      place: name,
      remedy: 'correct positional_encoding_type in config.json ("learned" for a trained table)'
    });
  }
  return most;
}
