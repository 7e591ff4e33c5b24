import {expect} from "vitest";
import {loadOnnxruntime} from "../../../src/components/adapters/onnxruntime-node.js";
import type {GraphTensor} from "../../../src/components/core/convert/graph-tensors.js";
import {OnnxBuilder} from "../../../src/components/core/convert/onnx-builder.js";
import {encodeStorage} from "../../../src/components/core/convert/storage.js";
import {encodeSafetensors, type StoredTensor} from "../../../src/components/core/convert/write-safetensors.js";
import {widenStorage} from "../../../src/components/core/model/widen-storage.js";
import {widenToFloat32} from "../../../src/components/core/model/widen.js";
import {createRandom} from "../../../src/components/core/random.js";
import type {Precision} from "../../../src/components/core/types.js";

/** Values of about a weight's distribution. */
export function normals(count: number, seed: number, scale = 0.1): Float32Array<ArrayBuffer> {
  const random = createRandom(seed).next;
  return Float32Array.from({length: count}, () => scale * (random() + random() + random() + random() - 2));
}

export function stored(
  precision: Precision,
  tensor: GraphTensor
): {tensors: Map<string, StoredTensor>; wide: Float32Array} {
  const tensors = encodeStorage(precision, [tensor]);
  const [only, ...others] = widenStorage("test.safetensors", encodeSafetensors(tensors));
  expect(others).toEqual([]);
  expect(only.name).toBe(tensor.name);
  return {tensors: new Map(tensors.map((item) => [item.name, item])), wide: only.values};
}

export const matrix = (inputs: number, outputs: number, values = normals(inputs * outputs, 1)): GraphTensor => ({
  name: "w",
  shape: [inputs, outputs],
  values,
  kind: "matrix"
});

/** Two rows times a matrix, by a loop for each sum. */
export function productOf(x: Float32Array, matrix: Float32Array, inputs: number, outputs: number): number[] {
  return Array.from({length: 2 * outputs}, (_, i) => {
    const [row, n] = [Math.floor(i / outputs), i % outputs];
    return Array.from({length: inputs}, (_, k) => x[row * inputs + k] * matrix[k * outputs + n]).reduce(
      (a, b) => a + b
    );
  });
}

/** x times the stored matrix, through onnxruntime's own kernel for blocks. */
export async function multiplyByBlocks(
  x: Float32Array<ArrayBuffer>,
  inputs: number,
  outputs: number,
  tensors: Map<string, StoredTensor>,
  bits: 4 | 8
): Promise<Float32Array> {
  const length = bits === 8 ? 32 : 64;
  const graph = new OnnxBuilder();
  const a = graph.input("x", "float32", ["batch", inputs]);
  const b = graph.external("b", "uint8", [outputs, inputs / length, 32]);
  const scales = graph.external("scales", "float32", [outputs, inputs / length]);
  const attributes = {K: {int: inputs}, N: {int: outputs}, bits: {int: bits}, block_size: {int: length}};
  graph.fused("MatMulNBits", [a, b, scales], "y", attributes);
  graph.output("y", "float32", ["batch", outputs]);
  const wideScales = widenToFloat32(
    tensors.get(bits === 8 ? "w.scales" : "w.scales4")?.bytes ?? new Uint8Array(),
    "F16"
  ) as Float32Array;
  const ort = await loadOnnxruntime();
  const session = await ort.InferenceSession.create(graph.encode("blocks"), {
    externalData: [
      {path: "b", data: tensors.get("w")?.bytes ?? new Uint8Array()},
      {path: "scales", data: new Uint8Array(wideScales.buffer)}
    ]
  });
  const {y} = await session.run({x: new ort.Tensor("float32", x, [x.length / inputs, inputs])});
  await session.release();
  return y.data as Float32Array;
}
