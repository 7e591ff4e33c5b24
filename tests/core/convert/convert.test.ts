import {describe, expect, it} from "vitest";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import type {ConversionProgress} from "../../../src/components/core/convert/convert.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {runSelfTest} from "../../../src/components/core/embed/self-test.js";
import {fixtureCheckpoint, fixtureConfig, fixtureTensors, memoryBundle, reference, toSafetensors} from "./fixture.js";
import type {TestTensor} from "./fixture.js";

type Change = (tensors: Map<string, TestTensor>) => void;

async function convertChanged(change: Change, config: Record<string, unknown> = {}): Promise<unknown> {
  const tensors = await fixtureTensors();
  change(tensors);
  return convertCheckpoint(fixtureCheckpoint(toSafetensors(tensors), {...fixtureConfig, ...config}), memoryBundle());
}

describe("converting a checkpoint", () => {
  it("writes the files that the manifest lists, the manifest last, the same bytes each time", async () => {
    const [first, second] = [memoryBundle(), memoryBundle()];
    const progress: ConversionProgress[] = [];
    const options = {
      openEncoder: (bundle: Parameters<typeof openNodeEncoder>[0]) =>
        openNodeEncoder(bundle, {precision: "fp32" as const}),
      onProgress: (event: ConversionProgress) => progress.push(event)
    };
    const checkpoint = fixtureCheckpoint(toSafetensors(await fixtureTensors()));
    const manifest = await convertCheckpoint(checkpoint, first, options);
    await convertCheckpoint(checkpoint, second, options);
    const listed = manifest.variants[0].files.map(({path}) => path);
    expect([...listed, "manifest.json"]).toEqual(Array.from(first.files.keys()));
    expect(listed).toEqual([
      "genes.arrow",
      "encoder.fp32.onnx",
      "expression.fp32.onnx",
      "table.fp32.safetensors",
      "encoder.fp32.safetensors",
      "expression.fp32.safetensors",
      "selftest.arrow"
    ]);
    for (const [path, bytes] of first.files) {
      expect(Buffer.compare(bytes, second.files.get(path) ?? new Uint8Array(0)), path).toBe(0);
    }
    for (const step of ["weights", "fold", "self-test"]) {
      const last = progress.findLast((event) => event.step === step);
      expect(last?.done).toBe(last?.total);
    }
  });

  it("refuses weights that are not finite, which every embedding would show", async () => {
    const tensors = await fixtureTensors();
    const {values} = tensors.get("uce.output_embedding_projector.0.bias")!;
    values[0] = NaN;
    const converting = convertCheckpoint(fixtureCheckpoint(toSafetensors(tensors)), memoryBundle(), {
      openEncoder: (bundle) => openNodeEncoder(bundle, {precision: "fp32"})
    });
    await expect(converting).rejects.toMatchObject({details: {domain: "checkpoint", code: "not-finite"}});
  });

  it("writes a self-test that the model passes and another model fails", async () => {
    const files = memoryBundle();
    const convert = async (change: Change, target: typeof files) => {
      const tensors = await fixtureTensors();
      change(tensors);
      await convertCheckpoint(fixtureCheckpoint(toSafetensors(tensors)), target, {
        openEncoder: (bundle) => openNodeEncoder(bundle, {precision: "fp32"})
      });
    };
    await convert(() => undefined, files);
    const bundle = await openBundle(files);
    const encoder = await openNodeEncoder(bundle, {precision: "fp32"});
    const result = await runSelfTest(bundle, encoder);
    expect(result).toMatchObject({passed: true, limit: 1e-3, cells: 26});
    expect(result?.relativeError).toBeLessThan(1e-6);
    expect(result?.control).toBeGreaterThan(0.5);
    const lengths: number[] = [];
    const listening: typeof encoder = {
      ...encoder,
      embed: (tokens, batch, length) => {
        lengths.push(length);
        return encoder.embed(tokens, batch, length);
      }
    };
    const few = await runSelfTest(bundle, listening, {most: 3, shortest: true});
    expect([few?.cells, few?.passed, Math.max(...lengths) < 30]).toEqual([3, true, true]);
    await encoder.close();

    const swapped = memoryBundle();
    await convert((tensors) => {
      const values = tensors.get("uce.transformer_encoder.layers.0.self_attn.in_proj_bias")?.values;
      values?.reverse();
    }, swapped);
    const wrong = await openNodeEncoder(await openBundle(swapped), {precision: "fp32"});
    const failed = await runSelfTest(bundle, wrong);
    await wrong.close();
    expect(failed?.passed).toBe(false);
    expect(failed?.relativeError).toBeGreaterThan(0.01);
  });

  it("leaves the expression head out where the checkpoint has none", async () => {
    const tensors = await fixtureTensors();
    for (const name of tensors.keys()) if (name.startsWith("expression_decoder")) tensors.delete(name);
    const files = memoryBundle();
    const manifest = await convertCheckpoint(fixtureCheckpoint(toSafetensors(tensors)), files);
    expect(manifest.architecture.expression).toBeNull();
    expect(Array.from(files.files.keys()).filter((path) => path.startsWith("expression"))).toEqual([]);
  });

  it("takes a checkpoint of the bare model, whose names lack the prefix", async () => {
    const bare = new Map<string, TestTensor>();
    for (const [name, tensor] of await fixtureTensors()) if (name.startsWith("uce.")) bare.set(name.slice(4), tensor);
    const files = memoryBundle();
    await convertCheckpoint(fixtureCheckpoint(toSafetensors(bare)), files);
    expect(files.files.has("encoder.fp32.safetensors")).toBe(true);
  });

  it.each<[string, Change, Record<string, unknown>, RegExp]>([
    [
      "a missing tensor",
      (t) => t.delete("uce.transformer_encoder.layers.1.linear2.bias"),
      {},
      /no tensor uce\.transformer_encoder\.layers\.1\.linear2\.bias \(nearest of its 45: uce\.transformer_encoder\.layers\.\d\.linear\d\.bias/
    ],
    [
      "another width than config.json's",
      () => undefined,
      {dim_feedforward: 256},
      /shape \[128, 64\] where config\.json asks for \[256, 64\] \(at uce\.transformer_encoder\.layers\.0\.linear1\.weight\)/
    ],
    [
      "more layers than config.json's",
      () => undefined,
      {num_layers: 1},
      /num_layers 1 but model\.safetensors holds 2 layers/
    ],
    [
      "fewer layers than config.json's",
      () => undefined,
      {num_layers: 5},
      /num_layers 5 but model\.safetensors holds 2 layers/
    ],
    [
      "positions that are not the sinusoid",
      (t) => t.get("uce.pos_encoder.pe")?.values.fill(0.5, 70, 71),
      {},
      /holds 0\.5 at position 1, column 6,.*"learned"/
    ],
    [
      "learned positions where sinusoids are stored",
      () => undefined,
      {positional_encoding_type: "learned"},
      /shape \[72, 1, 64\] where config\.json asks for \[72, 64\]/
    ],
    [
      "too short a sentence",
      () => undefined,
      {max_sequence_length: 40},
      /max_sequence_length 40 is too short for a sentence of 48 genes/
    ],
    ["averaged tokens", () => undefined, {embedding_reduction: "mean"}, /embedding_reduction is "mean"/]
  ])("refuses %s in words", async (_, change, config, message) => {
    await expect(convertChanged(change, config)).rejects.toThrow(message);
    await expect(convertChanged(change, config)).rejects.toMatchObject({details: {domain: "checkpoint"}});
  });

  it("refuses genes that do not belong to the checkpoint", async () => {
    const checkpoint = fixtureCheckpoint(toSafetensors(await fixtureTensors()));
    const gene = reference.genes[0];
    const convert = (genes: typeof reference.genes) =>
      convertCheckpoint({...checkpoint, species: [{name: "human", genes}]}, memoryBundle());
    await expect(convert([{...gene, token: 33255}])).rejects.toThrow(/token 33255 is not a row .* 170 rows/);
    await expect(convert([{...gene, symbol: "ODD", token: 2}])).rejects.toThrow(/gene ODD has token 2, .*special/);
    await expect(convert([])).rejects.toThrow(/no gene/);
  });

  it("stops when aborted, before a manifest is written", async () => {
    const abort = new AbortController();
    const files = memoryBundle();
    const converting = convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors())), files, {
      signal: abort.signal,
      onProgress: ({step}) => step === "fold" && abort.abort()
    });
    await expect(converting).rejects.toMatchObject({name: "AbortError"});
    expect(files.files.has("manifest.json")).toBe(false);
  });
});
