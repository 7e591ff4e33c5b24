import {describe, expect, it} from "vitest";
import {irrelevantFields} from "../../../src/components/core/convert/config-fields.js";
import {readCheckpointConfig} from "../../../src/components/core/convert/checkpoint-config.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import {encodeStorage} from "../../../src/components/core/convert/storage.js";
import {sinusoids} from "../../../src/components/core/model/sinusoids.js";
import {fixtureCheckpoint, fixtureConfig, fixtureTensors, memoryBundle, toSafetensors} from "./fixture.js";
import type {TestTensor} from "./fixture.js";

const layer = "uce.transformer_encoder.layers.0";

async function convert(change: (tensors: Map<string, TestTensor>) => void, config = {}): Promise<Map<string, unknown>> {
  const tensors = await fixtureTensors();
  change(tensors);
  const bundle = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(toSafetensors(tensors), {...fixtureConfig, ...config}), bundle);
  return bundle.files;
}

describe("a field of config.json", () => {
  it.each([
    [
      {norm_first: true},
      /^norm_first is true, but what is computed here is false, as in the public code \(at config\.json\/norm_first\)/
    ],
    [{layer_norm_eps: 1e-12}, /^layer_norm_eps is 1e-12, but what is computed here is 0\.00001/],
    [{bias: false}, /^bias is false/],
    [{model_type: "bert"}, /^model_type is "bert", but what is computed here is uce/],
    [{quantization_config: {bits: 4}}, /^quantization_config is \{"bits":4\}/],
    [{rotary_base: 10000}, /^config\.json has a field rotary_base \(10000\), which may change what the model computes/],
    [{num_layer: 4}, /has a field num_layer \(4\).*nearest known: num_layers/]
  ])("that changes the computation is refused by name: %j", async (fields, message) => {
    await expect(convert(() => undefined, fields)).rejects.toThrow(message);
    await expect(convert(() => undefined, fields)).rejects.toMatchObject({details: {code: "bad-config"}});
  });

  it("that says what is computed anyway, or bears on no embedding, changes nothing", () => {
    const said = {norm_first: false, layer_norm_eps: 1e-5, model_type: "uce", pruned_heads: {}, bias: true};
    const irrelevant = Object.fromEntries(Array.from(irrelevantFields, (name) => [name, "anything"]));
    expect(readCheckpointConfig({...fixtureConfig, ...said, ...irrelevant})).toEqual(
      readCheckpointConfig(fixtureConfig)
    );
  });
});

describe("a tensor", () => {
  const extra = (shape: number[]): TestTensor => ({shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1))});

  it.each<[string, (tensors: Map<string, TestTensor>) => void, RegExp]>([
    [
      "a second output projection",
      (t) => t.set("uce.output_embedding_projector.3.weight", extra([64, 64])),
      /^model\.safetensors holds a tensor that the model of config\.json does not have: uce\.output_embedding_projector\.3\.weight \[64, 64\]/
    ],
    [
      "a bias that attention does not have",
      (t) => t.set(`${layer}.self_attn.bias_k`, extra([1, 1, 64])),
      /does not have: uce\.transformer_encoder\.layers\.0\.self_attn\.bias_k \[1, 1, 64\]/
    ],
    [
      "many that are unknown",
      (t) => "abcdefg".split("").forEach((name) => t.set(`other.${name}`, extra([2]))),
      /holds 7 tensors .*other\.a \[2\], other\.b \[2\].* and 2 more/
    ]
  ])("that nothing is computed with is refused by name: %s", async (_, change, message) => {
    await expect(convert(change)).rejects.toThrow(message);
    await expect(convert(change)).rejects.toMatchObject({details: {domain: "checkpoint", code: "unknown-tensors"}});
  });

  it("is refused where config.json says that the model has none", async () => {
    await expect(convert(() => undefined, {use_embedding_layer_norm: false})).rejects.toThrow(
      /holds 2 tensors .*uce\.embedding_layer\.layer_norm\.weight \[96\], uce\.embedding_layer\.layer_norm\.bias \[96\]/
    );
  });

  it.each([
    [
      `${layer}.linear2.weight`,
      3 * 128 + 5,
      NaN,
      /holds NaN in row 3, column 5 of a tensor.*layers\.0\.linear2\.weight/
    ],
    [`${layer}.norm1.bias`, 7, Infinity, /holds Infinity in row 7, column 0 of a tensor.*norm1\.bias/],
    [
      "expression_decoder.decoder.9.bias",
      0,
      -Infinity,
      /holds -Infinity in row 0.*expression_decoder\.decoder\.9\.bias/
    ],
    ["uce.pos_encoder.pe", 64 * 2 + 1, NaN, /holds NaN in row 2, column 1.*pos_encoder\.pe/],
    ["uce.embedding_layer.embedding.weight", 20 * 96 + 8, NaN, /holds NaN in row 20, column 8.*embedding\.weight/]
  ])("with a number that is none is refused by name and row: %s", async (name, at, value, message) => {
    const spoil = (tensors: Map<string, TestTensor>) => void (tensors.get(name)!.values[at] = value);
    await expect(convert(spoil)).rejects.toThrow(message);
    await expect(convert(spoil)).rejects.toMatchObject({details: {code: "not-finite"}});
  });

  it("may hold anything in token rows that no gene of the species uses", async () => {
    const files = await convert((tensors) => {
      const {values, shape} = tensors.get("uce.embedding_layer.embedding.weight")!;
      values.fill(NaN, (shape[0] - 1) * shape[1]);
    });
    expect(files.has("manifest.json")).toBe(true);
  });
});

describe("bytes of a safetensors file", () => {
  /** The fixture's file with its header changed; the data stay. */
  async function withOffsets(change: (header: Record<string, {data_offsets: number[]}>) => void, more = 0) {
    const bytes = toSafetensors(await fixtureTensors());
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
      string,
      {data_offsets: number[]}
    >;
    change(header);
    const text = new TextEncoder().encode(JSON.stringify(header).padEnd(length));
    expect(text.byteLength).toBe(length);
    const changed = new Uint8Array(bytes.byteLength + more);
    changed.set(bytes);
    changed.set(text, 8);
    return convertCheckpoint(
      {...fixtureCheckpoint(bytes), weights: memoryReader("model.safetensors", changed)},
      memoryBundle()
    );
  }
  const [first, second] = [`${layer}.norm1.weight`, `${layer}.norm1.bias`];

  it("that belong to two tensors are refused", async () => {
    const overlapping = withOffsets((header) => (header[second].data_offsets = header[first].data_offsets));
    await expect(overlapping).rejects.toThrow(
      /its bytes overlap by 256 with those of uce\.transformer_encoder\.layers\.0\.norm1\.(weight|bias)/
    );
  });

  it("that belong to no tensor are refused, between tensors and at the end", async () => {
    const gap = withOffsets((header) => delete header[first]);
    await expect(gap).rejects.toThrow(/256 bytes before it, after .*, belong to no tensor/);
    await expect(withOffsets(() => undefined, 64)).rejects.toThrow(/its last 64 bytes, after .*, belong to no tensor/);
  });
});

describe("positions that a checkpoint holds rounded", () => {
  it("are stored exactly whatever the precision: float16 where that suffices, else float32", () => {
    const table = sinusoids(4, 8);
    const tensor = (values: Float32Array) => ({name: "positions", shape: [4, 8], values, kind: "sinusoids" as const});
    for (const precision of ["fp16", "int8"] as const) {
      expect(encodeStorage(precision, [tensor(table)])[0]).toMatchObject({type: "F32"});
      const halves = table.map((value) => Math.round(value * 256) / 256);
      expect(encodeStorage(precision, [tensor(halves)])[0]).toMatchObject({type: "F16"});
    }
  });
});
