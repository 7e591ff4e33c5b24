import {describe, expect, it} from "vitest";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {embedTokens} from "../../../src/components/core/embed/embed-tokens.js";
import {convertCheckpoint, uceBrainSentence} from "../../../src/components/core/convert/convert.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import type {RangeReader} from "../../../src/components/core/remote/range-reader.js";
import {sinusoids} from "../../../src/components/core/model/sinusoids.js";
import {memoryBundle} from "./fixture.js";

describe("a checkpoint of the published size (8 layers, 512 wide, 145,469 rows of 5120)", () => {
  it("is read by range, all of its 118 tensors and a fraction of its bytes, and runs", async () => {
    const {reader, touched, bytesRead} = publishedCheckpoint();
    const genes = Array.from({length: 60}, (_, i) => ({
      symbol: `G${i}`,
      token: 13466 + 300 * i,
      chromosome: 564 + (i % 3),
      start: i
    }));
    const files = memoryBundle();
    const manifest = await convertCheckpoint(
      {
        name: "full",
        config: {num_layers: 8, max_sequence_length: 2048},
        weights: reader,
        species: [{name: "human", genes}],
        source: {name: "made up", revision: "1", sha256: ""}
      },
      files
    );
    expect(touched().size).toBe(118);
    expect(reader.byteLength).toBeGreaterThan(3e9);
    expect(bytesRead()).toBeLessThan(150e6);
    expect(manifest.tableRows).toBe(66);
    expect(manifest.sentence).toEqual(uceBrainSentence);
    const layer = 4 * (4 * 512 * 512 + 4 * 512 + 2 * 512 * 2048 + 2048 + 512 + 4 * 512);
    const output = 4 * (512 * 512 + 3 * 512);
    const stored = manifest.variants[0].files.filter(({path}) => /^encoder.*safetensors$/.test(path));
    expect(stored.map(({bytes}) => bytes < 100e6)).toEqual([true, true]);
    const more = stored.reduce((sum, {bytes}) => sum + bytes, 0) - 8 * layer - output;
    expect(more).toBeLessThan(20_000);
    expect(more).toBeGreaterThan(0);

    const encoder = await openNodeEncoder(await openBundle(files), {precision: "fp32"});
    const sentence = (first: number) =>
      Int32Array.from([
        1,
        1564,
        ...genes
          .filter(({chromosome}) => chromosome === 564)
          .slice(first, first + 6)
          .map(({token}) => token),
        2000
      ]);
    const vectors = await embedTokens(encoder, [sentence(0), sentence(7)]);
    await encoder.close();
    for (const at of [0, 512]) expect(Math.hypot(...vectors.subarray(at, at + 512))).toBeCloseTo(1, 5);
    expect(Math.hypot(...vectors.subarray(0, 512).map((value, i) => value - vectors[512 + i]))).toBeGreaterThan(1e-3);
  }, 60_000);
});

/** A safetensors file of 3.1 GB that exists only where it is read; values are a fixed scramble of their position. */
function publishedCheckpoint(): {reader: RangeReader; touched: () => Set<string>; bytesRead: () => number} {
  const shapes: [string, number[]][] = [
    ["uce.embedding_layer.embedding.weight", [145469, 5120]],
    ["uce.embedding_layer.layer_norm.weight", [5120]],
    ["uce.embedding_layer.layer_norm.bias", [5120]],
    ["uce.input_gene_embedding_projector.0.weight", [512, 5120]],
    ["uce.input_gene_embedding_projector.0.bias", [512]],
    ["uce.input_gene_embedding_projector.1.weight", [512]],
    ["uce.input_gene_embedding_projector.1.bias", [512]],
    ["uce.pos_encoder.pe", [2048, 1, 512]],
    ...Array.from({length: 8}, (_, layer) => layer).flatMap((layer) =>
      Object.entries({
        "self_attn.in_proj_weight": [1536, 512],
        "self_attn.in_proj_bias": [1536],
        "self_attn.out_proj.weight": [512, 512],
        "self_attn.out_proj.bias": [512],
        "linear1.weight": [2048, 512],
        "linear1.bias": [2048],
        "linear2.weight": [512, 2048],
        "linear2.bias": [512],
        "norm1.weight": [512],
        "norm1.bias": [512],
        "norm2.weight": [512],
        "norm2.bias": [512]
      }).map(([name, shape]): [string, number[]] => [`uce.transformer_encoder.layers.${layer}.${name}`, shape])
    ),
    ["uce.output_embedding_projector.0.weight", [512, 512]],
    ...["0.bias", "1.weight", "1.bias"].map((name): [string, number[]] => [
      `uce.output_embedding_projector.${name}`,
      [512]
    ]),
    ["expression_decoder.decoder.1.weight", [512, 1024]],
    ["expression_decoder.decoder.5.weight", [512, 512]],
    ["expression_decoder.decoder.9.weight", [1, 512]],
    ["expression_decoder.decoder.9.bias", [1]],
    ...["1.bias", "2.weight", "2.bias", "5.bias", "6.weight", "6.bias"].map((name): [string, number[]] => [
      `expression_decoder.decoder.${name}`,
      [512]
    ])
  ];
  let offset = 0;
  const entries = shapes.map(([name, shape]) => {
    const bytes = 4 * shape.reduce((a, b) => a * b, 1);
    return {name, shape, from: offset, to: (offset += bytes)};
  });
  const header = Object.fromEntries(
    entries.map(({name, shape, from, to}) => [name, {dtype: "F32", shape, data_offsets: [from, to]}])
  );
  let text = JSON.stringify(header);
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const start = 8 + text.length;
  const head = new Uint8Array(start);
  new DataView(head.buffer).setBigUint64(0, BigInt(text.length), true);
  head.set(new TextEncoder().encode(text), 8);
  const touched = new Set<string>();
  let read = 0;
  const positions = sinusoids(2048, 512);
  const reader: RangeReader = {
    name: "model.safetensors",
    byteLength: start + offset,
    slice: async (from, to) => {
      read += to - from;
      if (to <= start) return head.slice(from, to);
      const entry = entries.find((candidate) => from - start >= candidate.from && to - start <= candidate.to);
      if (entry === undefined) throw new Error(`read across tensors: ${from} to ${to}`);
      touched.add(entry.name);
      const first = (from - start - entry.from) / 4;
      const values = new Float32Array((to - from) / 4);
      if (entry.name.endsWith(".pe")) values.set(positions.subarray(first, first + values.length));
      else {
        const around = entry.name.endsWith(".weight") && entry.shape.length === 1 ? 1 : 0;
        for (let i = 0; i < values.length; ++i) values[i] = around + scramble(first + i);
      }
      return new Uint8Array(values.buffer);
    }
  };
  return {reader, touched: () => touched, bytesRead: () => read};
}

function scramble(at: number): number {
  const mixed = Math.imul(at ^ (at >>> 15), 0x85ebca6b);
  return (((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32 - 0.5) / 5;
}
