import onnxProto from "onnx-proto";

const {onnx} = onnxProto;

/** Element types of graph values. */
export type ElementType = "float32" | "float16" | "uint8" | "int8" | "int32" | "int64";

/** A dimension: a size, or a name where it is only known at run time. */
export type Dimension = number | string;

const dataTypes: Record<ElementType, number> = {float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10};

/** Collects the nodes of one ONNX graph. Methods return the name of the value that they make. */
export class OnnxBuilder {
  private readonly nodes: InstanceType<typeof onnx.NodeProto>[] = [];
  private readonly initializers: InstanceType<typeof onnx.TensorProto>[] = [];
  private readonly known = new Set<string>();
  private readonly inputs: InstanceType<typeof onnx.ValueInfoProto>[] = [];
  private readonly outputs: InstanceType<typeof onnx.ValueInfoProto>[] = [];

  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, type: ElementType, shape: readonly Dimension[]): void {
    this.outputs.push(valueInfo(name, type, shape));
  }

  /** A weight whose bytes are handed over when the graph is opened, as external data at the path `name`. */
  external(name: string, type: ElementType, shape: readonly number[]): string {
    if (this.known.has(name)) return name;
    this.known.add(name);
    this.initializers.push(
      onnx.TensorProto.create({
        name,
        dataType: dataTypes[type],
        dims: [...shape],
        dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
        externalData: [onnx.StringStringEntryProto.create({key: "location", value: name})]
      })
    );
    return name;
  }

  /** A constant inside the graph file: int64 values, or one float32. */
  constant(
    name: string,
    values: readonly number[],
    shape: readonly number[],
    type: "int64" | "float32" = "int64"
  ): string {
    if (this.known.has(name)) return name;
    this.known.add(name);
    const rawData =
      type === "int64"
        ? new Uint8Array(BigInt64Array.from(values, (value) => BigInt(value)).buffer)
        : new Uint8Array(Float32Array.from(values).buffer);
    this.initializers.push(onnx.TensorProto.create({name, dataType: dataTypes[type], dims: [...shape], rawData}));
    return name;
  }

  /** Adds a node with one output called `output`; an empty input name leaves an optional input out. */
  node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, {int: number} | {ints: number[]} | {float: number}> = {},
    domain = ""
  ): string {
    const list = Object.entries(attributes).map(([name, value]) => attribute(name, value));
    this.several(operator, inputs, [output], list, domain);
    return output;
  }

  /** Adds a node with outputs called `outputs`; it has the name of the first. */
  several(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: InstanceType<typeof onnx.AttributeProto>[] = [],
    domain = ""
  ): void {
    const [name] = outputs;
    const node = {opType: operator, domain, name, input: [...inputs], output: [...outputs], attribute: attributes};
    this.nodes.push(onnx.NodeProto.create(node));
  }

  /** A node of the com.microsoft domain (fused operators). */
  fused(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, {int: number} | {float: number}> = {}
  ): string {
    return this.node(operator, inputs, output, attributes, "com.microsoft");
  }

  /** The model file. The same calls give the same bytes. */
  encode(name: string): Uint8Array<ArrayBuffer> {
    const model = onnx.ModelProto.create({
      irVersion: 8,
      producerName: "uce-workbook",
      opsetImport: [
        onnx.OperatorSetIdProto.create({domain: "", version: 17}),
        onnx.OperatorSetIdProto.create({domain: "com.microsoft", version: 1})
      ],
      graph: onnx.GraphProto.create({
        name,
        node: this.nodes,
        initializer: this.initializers,
        input: this.inputs,
        output: this.outputs
      })
    });
    return Uint8Array.from(onnx.ModelProto.encode(model).finish());
  }
}

function valueInfo(
  name: string,
  type: ElementType,
  shape: readonly Dimension[]
): InstanceType<typeof onnx.ValueInfoProto> {
  const dim = shape.map((size) =>
    onnx.TensorShapeProto.Dimension.create(typeof size === "number" ? {dimValue: size} : {dimParam: size})
  );
  return onnx.ValueInfoProto.create({
    name,
    type: onnx.TypeProto.create({
      tensorType: onnx.TypeProto.Tensor.create({
        elemType: dataTypes[type],
        shape: onnx.TensorShapeProto.create({dim})
      })
    })
  });
}

function attribute(
  name: string,
  value: {int: number} | {ints: number[]} | {float: number}
): InstanceType<typeof onnx.AttributeProto> {
  const {AttributeType} = onnx.AttributeProto;
  if ("int" in value) return onnx.AttributeProto.create({name, type: AttributeType.INT, i: value.int});
  if ("ints" in value) return onnx.AttributeProto.create({name, type: AttributeType.INTS, ints: value.ints});
  return onnx.AttributeProto.create({name, type: AttributeType.FLOAT, f: value.float});
}
