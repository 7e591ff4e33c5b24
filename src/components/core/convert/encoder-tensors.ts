import {WorkbookError} from "../errors.js";
import {outputBlocks} from "../model/architecture.js";
import type {BlockNames, CheckpointSizes, DescribedCheckpoint} from "./checkpoint-layout.js";
import {linearTensor, vectorTensor} from "./graph-tensors.js";
import type {GraphTensor} from "./graph-tensors.js";
import {requireFinite} from "./require-finite.js";
import type {TensorFile} from "./tensor-file.js";
import {sinusoids} from "../model/sinusoids.js";

/** The transformer's weights in a checkpoint, every name and shape seen to be right; numbers are read as they are asked for. */
export interface EncoderTensors {
  /** Positions where they have to be stored; null where they are computed on load. */
  positions: GraphTensor | null;
  /**
   * All weights as the encoder graph wants them (docs/formats.md, "encoder.STORAGE.safetensors"), a layer after the other: no more than two are held.
   * Throws for numbers that are not finite.
   */
  read(): AsyncGenerator<GraphTensor>;
}

/** A tensor of the checkpoint and the tensors of the graph that it becomes. */
interface Piece {
  name: string;
  shape: readonly number[];
  made(values: Float32Array): GraphTensor[];
}

/**
 * Opens the transformer's weights: reads the positions, and of the rest that it is there. `maxLength` rows of learned positions are kept; of sinusoids only
 * where the checkpoint's differ from those that are computed on load, and they must agree with them roughly. Throws for missing or misshapen tensors
 * and for more layers in the file than config.json tells of.
 */
export async function openEncoderTensors(
  file: TensorFile,
  {sizes, layout, family}: DescribedCheckpoint,
  maxLength: number,
  signal?: AbortSignal
): Promise<EncoderTensors> {
  const {layers, width} = sizes;
  checkLayerCount(file, layout.layers, layers);
  const output = outputBlocks({width, output: family.output});
  const groups = [
    ...Array.from({length: layers}, (_, layer) => layerPieces(`${layout.layers}.${layer}`, `layers.${layer}`, sizes)),
    output.flatMap((block) => outputPieces(layout.output[block.index], block))
  ];
  for (const {name, shape} of groups.flat()) file.claim(name, shape);
  const positions = await readPositions(file, layout.positions, sizes, maxLength, signal);
  return {
    positions,
    async *read() {
      yield* inOrder(file, groups, signal);
      if (positions !== null) yield positions;
    }
  };
}

/**
 * The pieces of each group, and those of the next are under way meanwhile: a source that is far away answers several requests in the time of one. The first
 * fault ends the others.
 */
async function* inOrder(
  file: TensorFile,
  groups: readonly (readonly Piece[])[],
  signal?: AbortSignal
): AsyncGenerator<GraphTensor> {
  const abort = new AbortController();
  const both = signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]);
  const running: Promise<unknown>[] = [];
  const begin = (pieces: readonly Piece[]): Promise<GraphTensor[]> => {
    const reading = Promise.all(
      pieces.map(async (piece) => piece.made(await file.read(piece.name, piece.shape, both)))
    );
    reading.catch((error: unknown) => abort.abort(error));
    running.push(reading);
    return reading.then((tensors) => tensors.flat());
  };
  try {
    let next = begin(groups[0]);
    for (let i = 0; i < groups.length; ++i) {
      const tensors = await next;
      if (i + 1 < groups.length) {
        next = begin(groups[i + 1]);
        next.catch(() => {});
      }
      yield* tensors;
    }
  } finally {
    abort.abort();
    await Promise.allSettled(running);
  }
}

function layerPieces(source: string, target: string, {width: d, feedForward}: CheckpointSizes): Piece[] {
  const linear = (from: string, to: string, outputs: number, inputs: number) =>
    linearPieces(`${source}.${from}`, `${target}.${to}`, outputs, inputs);
  const packed: Piece = {
    name: `${source}.self_attn.in_proj_weight`,
    shape: [3 * d, d],
    made: (values) =>
      ["query", "key", "value"].map((part, i) =>
        linearTensor(`${target}.attention.${part}.weight`, values.subarray(i * d * d, (i + 1) * d * d), d, d)
      )
  };
  return [
    packed,
    vectorPiece(`${source}.self_attn.in_proj_bias`, `${target}.attention.bias`, 3 * d),
    ...linear("self_attn.out_proj", "attention.output", d, d),
    ...linear("linear1", "linear1", feedForward, d),
    ...linear("linear2", "linear2", d, feedForward),
    ...normPieces(`${source}.norm1`, `${target}.norm1`, d),
    ...normPieces(`${source}.norm2`, `${target}.norm2`, d)
  ];
}

function outputPieces(
  {linear, norm}: BlockNames,
  {index, inputs, width}: {index: number; inputs: number; width: number}
): Piece[] {
  const target = `output.${index}`;
  return [
    ...linearPieces(linear, target, width, inputs),
    ...(norm === null ? [] : normPieces(norm, `${target}.norm`, width))
  ];
}

function linearPieces(from: string, to: string, outputs: number, inputs: number): Piece[] {
  const made = (values: Float32Array) => [linearTensor(`${to}.weight`, values, outputs, inputs)];
  return [{name: `${from}.weight`, shape: [outputs, inputs], made}, vectorPiece(`${from}.bias`, `${to}.bias`, outputs)];
}

function normPieces(from: string, to: string, width: number): Piece[] {
  return ["weight", "bias"].map((part) => vectorPiece(`${from}.${part}`, `${to}.${part}`, width));
}

function vectorPiece(name: string, to: string, size: number): Piece {
  return {name, shape: [size], made: (values) => [vectorTensor(to, values)]};
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
