/**
 * An ONNX model that also gives out the values called `names` (float32): the bytes of `graph` with a few more behind them. Protocol
 * buffers are made so that this is a merge: a message whose bytes follow another's adds its repeated fields to the first, here the
 * graph's outputs (protobuf encoding, "Last One Wins": embedded messages are merged, repeated fields joined). Nothing of the model
 * itself is decoded or written anew, so what runs is the bundle's own graph.
 */
export function withOutputs(graph: Uint8Array, names: readonly string[]): Uint8Array<ArrayBuffer> {
  const outputs = names.flatMap((name) => field(graphOutput, valueInfo(name)));
  const more = field(modelGraph, outputs);
  const joined = new Uint8Array(graph.length + more.length);
  joined.set(graph);
  joined.set(more, graph.length);
  return joined;
}

/** Field numbers of onnx.proto: ModelProto.graph, GraphProto.output, ValueInfoProto.name and type, TypeProto.tensor_type and elem_type. */
const [modelGraph, graphOutput, valueName, valueType, tensorType, elementType] = [7, 12, 1, 2, 1, 1];
const float32 = 1;

function valueInfo(name: string): number[] {
  const type = field(tensorType, [(elementType << 3) | 0, float32]);
  return [...field(valueName, [...new TextEncoder().encode(name)]), ...field(valueType, type)];
}

/** A field of wire type 2: its key, the length of its bytes, the bytes. */
function field(number: number, bytes: readonly number[]): number[] {
  return [(number << 3) | 2, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}
