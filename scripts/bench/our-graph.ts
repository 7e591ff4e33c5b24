// The workbook's own encoder graph, and the same with float16 numbers or with weights in 8-bit blocks (MatMulNBits), which the workbook does not use.
import onnxProto from "onnx-proto";
import {bytesOf} from "../../src/components/core/bytes-of.js";
import {encoderGraph} from "../../src/components/core/convert/encoder-graph.js";
import {encodeHalves} from "../../src/components/core/model/half.js";
import {blockLength, quantizeBlocks} from "../../src/components/core/model/quantize.js";
import {widenToFloat32} from "../../src/components/core/model/widen.js";
import type {GraphWithWeights} from "./exported-graph.js";
import type {BenchModel} from "./model.js";

const {onnx} = onnxProto;
const types = {float32: 1, uint8: 2, float16: 10} as const;

/** How the graph's numbers are held: activations as float32 or float16, weights of products the same or in 8-bit blocks. */
export interface GraphForm {
  half: boolean;
  blocks: boolean;
}

/** Graph with input `rows` (batch x length, int32), output `embedding` (float32). */
export function ourGraph(model: BenchModel, {half, blocks}: GraphForm): GraphWithWeights {
  const {architecture, tableRows, tensors} = model;
  const plain = encoderGraph({...architecture, tableRows});
  const decoded = onnx.ModelProto.decode(plain);
  const graph = decoded.graph!;
  const data = new Map<string, Uint8Array>();
  const initializers = graph.initializer!.filter(({externalData}) => externalData!.length > 0);
  for (const one of initializers) data.set(one.name!, bytesOf(tensors.get(one.name!)!));
  if (blocks) {
    for (const node of graph.node!) {
      if (node.opType !== "MatMul") continue;
      const matrix = initializers.find(({name}) => name === node.input![1])!;
      const [inputs, outputs] = matrix.dims!.map(Number);
      const {values, scales} = quantizeBlocks(tensors.get(matrix.name!)!, inputs, outputs, matrix.name!);
      const count = inputs / blockLength;
      Object.assign(matrix, {dataType: types.uint8, dims: [outputs, count, blockLength]});
      data.set(matrix.name!, values);
      const scaleName = `${matrix.name!}.scales`;
      data.set(scaleName, half ? bytesOf(scales) : bytesOf(widenToFloat32(bytesOf(scales), "F16") as Float32Array));
      graph.initializer!.push(external(scaleName, half ? types.float16 : types.float32, [outputs * count]));
      Object.assign(node, {
        opType: "MatMulNBits",
        domain: "com.microsoft",
        input: [node.input![0], matrix.name!, scaleName]
      });
      const whole = {K: inputs, N: outputs, bits: 8, block_size: blockLength};
      node.attribute = Object.entries(whole).map(([name, i]) =>
        onnx.AttributeProto.create({name, type: onnx.AttributeProto.AttributeType.INT, i})
      );
    }
  }
  if (half) narrow(graph, initializers, data);
  const externalData = Array.from(data, ([path, bytes]) => ({path, data: bytes}));
  return {graph: half || blocks ? Uint8Array.from(onnx.ModelProto.encode(decoded).finish()) : plain, externalData};
}

/** Everything before the last norm in float16. */
function narrow(
  graph: NonNullable<InstanceType<typeof onnx.ModelProto>["graph"]>,
  initializers: NonNullable<NonNullable<InstanceType<typeof onnx.ModelProto>["graph"]>["initializer"]>,
  data: Map<string, Uint8Array>
): void {
  for (const one of initializers) {
    if (one.name!.startsWith("output.0.norm") || one.dataType !== types.float32) continue;
    const bytes = data.get(one.name!)!;
    one.dataType = types.float16;
    data.set(
      one.name!,
      bytesOf(
        encodeHalves(new Float32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / 4), one.name!)
      )
    );
  }
  const at = graph.node!.findIndex(({name}) => name === "output.0.normed");
  const last = graph.node![at];
  const to = onnx.AttributeProto.create({name: "to", type: onnx.AttributeProto.AttributeType.INT, i: types.float32});
  const cast = onnx.NodeProto.create({
    opType: "Cast",
    name: "widened",
    input: [last.input![0]],
    output: ["widened"],
    attribute: [to]
  });
  last.input![0] = "widened";
  graph.node!.splice(at, 0, cast);
}

function external(name: string, dataType: number, dims: number[]): InstanceType<typeof onnx.TensorProto> {
  const location = onnx.StringStringEntryProto.create({key: "location", value: name});
  const dataLocation = onnx.TensorProto.DataLocation.EXTERNAL;
  return onnx.TensorProto.create({name, dataType, dims, dataLocation, externalData: [location]});
}
