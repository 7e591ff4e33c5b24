import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";
import type {Encoder} from "../../src/components/core/embed/encoder.js";
import {convertCheckpoint} from "../../src/components/core/convert/convert.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {fixtureCheckpoint, fixtureTensors, memoryBundle, reference, toSafetensors} from "../core/convert/fixture.js";

const files = memoryBundle();
let encoder: Encoder;
const tokens = Int32Array.from(reference.sentences[0]);

beforeAll(async () => {
  await convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors())), files);
  encoder = await openNodeEncoder(await openBundle(files), {precision: "fp32", threads: 1});
});
afterAll(() => encoder.close());

describe("the encoder in Node", () => {
  it("says what it is", () => {
    expect(encoder).toMatchObject({
      name: "Node CPU, 1 thread",
      backend: "cpu",
      compute: "fp32",
      storage: "fp32",
      width: 64
    });
  });

  it("returns batch x width unit vectors, the same each time, and leaves the tokens alone", async () => {
    const before = tokens.slice();
    const first = await encoder.embed(tokens, 1, tokens.length);
    const twice = await encoder.embed(Int32Array.from([...tokens, ...tokens]), 2, tokens.length);
    expect(first).toHaveLength(64);
    expect(Math.hypot(...first)).toBeCloseTo(1, 6);
    expect(Array.from(twice)).toEqual([...first, ...first]);
    expect(tokens).toEqual(before);
  });

  it("gives the same vectors with one thread and with two, to the last bits", async () => {
    const two = await openNodeEncoder(await openBundle(files), {precision: "fp32", threads: 2});
    const [a, b] = [await encoder.embed(tokens, 1, tokens.length), await two.embed(tokens, 1, tokens.length)];
    await two.close();
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(1e-6);
  });

  it("names a token that the model does not know, and where it stands", async () => {
    const wrong = Int32Array.from([...tokens, ...tokens]);
    wrong[tokens.length + 3] = 4242;
    await expect(encoder.embed(wrong, 2, tokens.length)).rejects.toThrow(
      /token 4242 \(sentence 1, position 3\) is not in the model's table/
    );
    await expect(encoder.embed(Int32Array.of(-1), 1, 1)).rejects.toThrow(/token -1/);
  });

  it("refuses sentences of an impossible length or number, with the numbers", async () => {
    await expect(encoder.embed(new Int32Array(80), 1, 80)).rejects.toThrow(/80 tokens; the model takes 1 to 72/);
    await expect(encoder.embed(new Int32Array(0), 1, 0)).rejects.toThrow(/0 tokens/);
    await expect(encoder.embed(tokens, 2, tokens.length)).rejects.toThrow(/tokens are given for 2 sentences/);
    await expect(encoder.embed(new Int32Array(0), 0, 5)).rejects.toThrow(/for 0 sentences/);
  });

  it("stops when aborted, and refuses work once closed", async () => {
    await expect(encoder.embed(tokens, 1, tokens.length, AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError"
    });
    const closing = await openNodeEncoder(await openBundle(files), {precision: "fp32", threads: 1});
    await closing.close();
    await closing.close();
    await expect(closing.embed(tokens, 1, tokens.length)).rejects.toMatchObject({
      details: {domain: "encoder", code: "closed"}
    });
  });
});
