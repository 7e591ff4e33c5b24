import {beforeAll, describe, expect, it} from "vitest";
import {embedTokens} from "../../../src/components/core/embed/embed-tokens.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import type {Bundle, Manifest} from "../../../src/components/core/model/bundle.js";
import type {ConversionProgress} from "../../../src/components/core/convert/convert.js";
import {readGraphFiles} from "../../../src/components/core/model/graph-files.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {selfTestLimit} from "../../../src/components/core/embed/self-test-limit.js";
import {runSelfTest} from "../../../src/components/core/embed/self-test.js";
import type {Precision} from "../../../src/components/core/types.js";
import {openBackend} from "../../../src/components/runtime/node-backend.js";
import {memoryBundle} from "./fixture.js";
import {cells, convert, everyPrecision, openEncoder} from "./made-up-cells.js";

describe("a bundle of all variants", () => {
  const files = memoryBundle();
  const progress: ConversionProgress[] = [];
  let manifest: Manifest;
  let bundle: Bundle;
  beforeAll(async () => {
    const onProgress = (event: ConversionProgress) => void progress.push(event);
    manifest = await convert({variants: everyPrecision, calibration: cells, allowInexact: true, onProgress}, files);
    bundle = await openBundle(files);
  });

  it("lists for each variant everything that it needs, and nothing of another's weights", () => {
    expect(manifest.variants.map(({precision}) => precision)).toEqual(everyPrecision);
    for (const {precision, files: listed} of manifest.variants) {
      expect(listed.map(({path}) => path)).toEqual([
        "genes.arrow",
        "encoder.fp32.onnx",
        "expression.fp32.onnx",
        `table.${precision}.safetensors`,
        `encoder.${precision}.safetensors`,
        `expression.${precision}.safetensors`,
        "selftest.arrow"
      ]);
    }
    const sizes = manifest.variants.map(({files: listed}) =>
      listed.filter(({path}) => path.endsWith(".safetensors")).reduce((sum, {bytes}) => sum + bytes, 0)
    );
    expect(sizes[1] / sizes[0]).toBeLessThan(0.55);
    expect(sizes[2] / sizes[0]).toBeLessThan(0.35);
    expect(bundle.manifest).toEqual(manifest);
  });

  it("is the same, byte for byte, each time", async () => {
    const again = memoryBundle();
    await convert({variants: everyPrecision, calibration: cells, allowInexact: true}, again);
    expect(Array.from(again.files.keys())).toEqual(Array.from(files.files.keys()));
    for (const [path, bytes] of files.files) {
      expect(Buffer.compare(bytes, again.files.get(path) ?? new Uint8Array(0)), path).toBe(0);
    }
  });

  it("tells how far each variant is from float32, the figures being those of its embeddings", async () => {
    const [exact, half, bytes] = manifest.variants;
    expect(exact).toMatchObject({relativeError: 0, recall15: 1, selfTestError: 0});
    const vectors = new Map<Precision, Float32Array>();
    for (const precision of everyPrecision) {
      const encoder = await openEncoder(bundle, precision);
      expect(encoder.storage).toBe(precision);
      vectors.set(precision, await embedTokens(encoder, cells.sentences));
      await encoder.close();
    }
    const right = vectors.get("fp32") ?? new Float32Array();
    for (const variant of [half, bytes]) {
      const ours = vectors.get(variant.precision) ?? new Float32Array();
      expect(relativeError(ours, right, 520, right.length / 520)).toBe(variant.relativeError);
    }
    expect(half.relativeError).toBeGreaterThan(0);
    expect(half.relativeError).toBeLessThan(0.01);
    expect(bytes.relativeError ?? 0).toBeGreaterThan(5 * (half.relativeError ?? 0));
    expect(bytes.relativeError).toBeLessThan(0.1);
    expect(half.recall15 ?? 0).toBeGreaterThan(bytes.recall15 ?? 1);
  });

  it("tells on what that was measured, with controls that are far off", () => {
    expect(manifest.measured).toMatchObject({origin: "520 made-up cells", cells: 520, backend: "cpu"});
    const controls = manifest.measured?.controls ?? {};
    expect(Object.keys(controls)).toEqual([
      "another cell",
      "shuffled order",
      "no chromosome ends",
      "gene ids off by one"
    ]);
    for (const [name, error] of Object.entries(controls)) expect(error, name).toBeGreaterThan(0.3);
  });

  it("reports its progress to the end", () => {
    for (const step of ["self-test", "measure"]) {
      const events = progress.filter((event) => event.step === step);
      expect(events.length).toBeGreaterThan(2);
      expect(events.at(-1)?.done).toBe(events.at(-1)?.total);
      expect(events.map(({done}) => done)).toEqual(events.map(({done}) => done).sort((a, b) => a - b));
    }
  });

  it.each(["cpu", "wasm"])(
    "passes its self-test on %s in each variant, and in a part of it",
    async (backend) => {
      for (const variant of manifest.variants) {
        const encoder = await openBackend(bundle, {backend, precision: variant.precision, threads: 1});
        const results = [
          await runSelfTest(bundle, encoder),
          await runSelfTest(bundle, encoder, {most: 5, shortest: true})
        ];
        await encoder.close();
        for (const result of results) {
          expect(result).toMatchObject({passed: true, limit: selfTestLimit(encoder, variant)});
          expect(result?.control).toBeGreaterThan(0.5);
        }
      }
    },
    60_000
  );

  it("does not pass with the weights of another precision taken for its own", async () => {
    const encoder = await openEncoder(bundle, "int8");
    const result = await runSelfTest(bundle, {...encoder, storage: "fp16"});
    await encoder.close();
    expect(result?.passed).toBe(false);
  });

  it("has the expression head in each precision", async () => {
    const values = async (precision: Precision) => {
      const {externalData} = await readGraphFiles(bundle, "expression", precision);
      return new Map(
        externalData.map(({path, data}) => [path, new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4)])
      );
    };
    const exact = await values("fp32");
    for (const precision of ["fp16", "int8"] as const) {
      const stored = await values(precision);
      expect(Array.from(stored.keys()).sort()).toEqual(Array.from(exact.keys()).sort());
      for (const [name, numbers] of exact) {
        const errors = stored.get(name)?.map((value, i) => Math.abs(value - numbers[i])) ?? [];
        expect(errors).toHaveLength(numbers.length);
        expect(Math.max(...errors), name).toBeLessThanOrEqual(Math.max(...numbers.map(Math.abs)) / 200);
      }
    }
  });
});

describe("a bundle without its float32 variant", () => {
  const files = memoryBundle();
  let bundle: Bundle;
  beforeAll(async () => {
    await convert({variants: ["int8", "fp16"], calibration: cells, allowInexact: true}, files);
    bundle = await openBundle(files);
  });

  it("was measured and tested against float32 all the same", async () => {
    expect(Array.from(files.files.keys()).filter((path) => path.includes("fp32"))).toEqual([
      "encoder.fp32.onnx",
      "expression.fp32.onnx"
    ]);
    for (const {precision, relativeError: e, selfTestError} of bundle.manifest.variants) {
      expect(e).toBeGreaterThan(0);
      const encoder = await openBackend(bundle, {precision, threads: 1});
      const result = await runSelfTest(bundle, encoder);
      await encoder.close();
      expect(result?.passed).toBe(true);
      expect(result?.relativeError).toBeCloseTo(selfTestError ?? 1, 6);
    }
  });

  it("is opened in Node with the more precise of what it has", async () => {
    const encoder = await openBackend(bundle, {threads: 1});
    await encoder.close();
    expect(encoder.storage).toBe("fp16");
    await expect(openBackend(bundle, {precision: "fp32"})).rejects.toThrow(/no fp32 variant \(it has fp16, int8\)/);
  });
});
