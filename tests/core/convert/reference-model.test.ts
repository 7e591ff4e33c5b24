import {beforeAll, describe, expect, it} from "vitest";
import {loadOnnxruntime, openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {embedTokens} from "../../../src/components/core/embed/embed-tokens.js";
import type {Encoder} from "../../../src/components/core/embed/encoder.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import type {Bundle, Manifest} from "../../../src/components/core/model/bundle.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {readGraphFiles} from "../../../src/components/core/model/graph-files.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {createRandom} from "../../../src/components/core/random.js";
import {
  fixtureBytes,
  fixtureCheckpoint,
  fixtureConfig,
  fixtureTensors,
  memoryBundle,
  reference,
  toSafetensors
} from "./fixture.js";

const sentences = reference.sentences.map((tokens) => Int32Array.from(tokens));
const width = reference.embeddings[0].length;
const n = sentences.length;
const expected = reference.embeddings.flat();

let bundle: Bundle;
let encoder: Encoder;
let ours: Float32Array;
const files = memoryBundle();

beforeAll(async () => {
  await convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors())), files);
  bundle = await openBundle(files);
  encoder = await openNodeEncoder(bundle, {precision: "fp32", threads: 2});
  ours = await embedTokens(encoder, sentences);
  return () => encoder.close();
});

const errorOf = async (changed: Int32Array[]): Promise<number> =>
  relativeError(await embedTokens(encoder, changed), expected, n, width);

describe("a converted checkpoint", () => {
  it("embeds 32 cells of four lengths as the float64 forward pass does, to a relative error of 1e-4", () => {
    expect(new Set(sentences.map((tokens) => tokens.length)).size).toBe(4);
    const e = relativeError(ours, expected, n, width);
    expect(e).toBeLessThan(1e-4);
    expect(e).toBeGreaterThan(0);
  });

  it("tells cells apart: another cell's embedding is far off", () => {
    const other = Float32Array.from(ours, (_, i) => ours[(i + width) % ours.length]);
    expect(relativeError(other, expected, n, width)).toBeGreaterThan(0.5);
  });

  it("needs the order of the tokens: shuffled sentences are far off", async () => {
    const random = createRandom(1).next;
    const shuffled = sentences.map((tokens) => {
      const keys = new Map(Array.from(tokens.subarray(1), (_, i) => [i + 1, random()]));
      const order = Array.from(keys.keys()).sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
      return Int32Array.from([tokens[0], ...order.map((i) => tokens[i])]);
    });
    expect(await errorOf(shuffled)).toBeGreaterThan(0.5);
  });

  it("needs the chromosome ends: sentences without them are far off", async () => {
    const {chromosomeEnd} = reference.sentence;
    expect(await errorOf(sentences.map((tokens) => tokens.filter((token) => token !== chromosomeEnd)))).toBeGreaterThan(
      0.1
    );
  });

  it("needs the right genes: ids off by one are far off", async () => {
    const genes = new Set(reference.genes.map(({token}) => token));
    const first = Math.min(...genes);
    const shifted = sentences.map((tokens) =>
      tokens.map((token) => (!genes.has(token) ? token : genes.has(token + 1) ? token + 1 : first))
    );
    expect(await errorOf(shifted)).toBeGreaterThan(0.5);
  });

  it("gives each cell the same vector in any batch", async () => {
    const alone = await embedTokens(encoder, sentences, {batch: 1});
    expect(relativeError(alone, ours, n, width)).toBeLessThan(1e-6);
    const reversed = await embedTokens(encoder, sentences.toReversed(), {batch: 3});
    const restored = Float32Array.from(ours, (_, i) => reversed[(n - 1 - Math.floor(i / width)) * width + (i % width)]);
    expect(relativeError(restored, ours, n, width)).toBeLessThan(1e-6);
  });

  it("is made bit for bit alike from float16 weights of the same values", async () => {
    const fromHalf = memoryBundle();
    await convertCheckpoint(fixtureCheckpoint(fixtureBytes()), fromHalf);
    expect(Array.from(fromHalf.files.keys())).toEqual(Array.from(files.files.keys()));
    const manifests = [fromHalf, files].map(
      (made) => JSON.parse(new TextDecoder().decode(made.files.get("manifest.json"))) as Manifest
    );
    const [half, full] = manifests.map(({source}) => source.read!);
    expect(half.bytes).toBeLessThan(full.bytes);
    expect(half.sha256).not.toBe(full.sha256);
    expect({...manifests[0], source: null}).toEqual({...manifests[1], source: null});
    for (const [path, bytes] of fromHalf.files) {
      if (path === "manifest.json") continue;
      expect(Buffer.compare(bytes, files.files.get(path) ?? new Uint8Array(0)), path).toBe(0);
    }
  });

  it("runs learned positions", async () => {
    const learned = memoryBundle();
    const config = {...fixtureConfig, positional_encoding_type: "learned"};
    await convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors("learned")), config), learned);
    const model = await openNodeEncoder(await openBundle(learned), {precision: "fp32", threads: 1});
    const vectors = await embedTokens(model, sentences.slice(0, 8));
    await model.close();
    expect(relativeError(vectors, reference.learnedEmbeddings.flat(), 8, width)).toBeLessThan(1e-4);
    expect(relativeError(vectors, reference.embeddings.slice(0, 8).flat(), 8, width)).toBeGreaterThan(0.5);
  });

  it("predicts expression as the float64 forward pass does, cells by genes", async () => {
    const {graph, externalData} = await readGraphFiles(bundle, "expression", "fp32");
    const ort = await loadOnnxruntime();
    const session = await ort.InferenceSession.create(graph, {executionProviders: ["cpu"], externalData});
    const {genes, logits} = reference.expression;
    const rows = Int32Array.from(genes, (token) => bundle.tableRow.get(token) ?? -1);
    const results = await session.run({
      cell: new ort.Tensor("float32", ours.slice(0, logits.length * width), [logits.length, width]),
      rows: new ort.Tensor("int32", rows, [genes.length])
    });
    await session.release();
    expect(results.logits.dims).toEqual([logits.length, genes.length]);
    expect(relativeError(results.logits.data as Float32Array, logits.flat(), logits.length, genes.length)).toBeLessThan(
      1e-4
    );
    const shifted = logits.map((row) => [...row.slice(1), row[0]]).flat();
    expect(relativeError(shifted, logits.flat(), logits.length, genes.length)).toBeGreaterThan(0.5);
  });
});
