import {beforeAll, describe, expect, it} from "vitest";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {embedTokens} from "../../../src/components/core/embed/embed-tokens.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import type {Bundle, Manifest} from "../../../src/components/core/model/bundle.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import type {ConversionOptions, ConversionProgress} from "../../../src/components/core/convert/convert.js";
import {readGraphFiles} from "../../../src/components/core/model/graph-files.js";
import type {Calibration, OpenVariant} from "../../../src/components/core/convert/measure-variants.js";
import {measureVariants} from "../../../src/components/core/convert/measure-variants.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {createRandom} from "../../../src/components/core/random.js";
import {selfTestLimit} from "../../../src/components/core/embed/self-test-limit.js";
import {runSelfTest} from "../../../src/components/core/embed/self-test.js";
import type {Precision} from "../../../src/components/core/types.js";
import {openBackend} from "../../../src/components/runtime/node-backend.js";
import {fixtureBytes, fixtureCheckpoint, memoryBundle, reference} from "./fixture.js";

const openEncoder: OpenVariant = (bundle, precision) => openNodeEncoder(bundle, {precision, threads: 1});

const everyPrecision: Precision[] = ["fp32", "fp16", "int8"];

/** Sentences of `n` made-up cells, each with some genes of its own on two chromosomes. */
function madeUpCells(n: number): Calibration {
  const random = createRandom(11).next;
  const {cls, chromosomeEnd, chromosomeOffset} = reference.sentence;
  const ids = Array.from(new Set(reference.genes.map(({chromosome}) => chromosome)));
  const sentences = Array.from({length: n}, () => {
    const at = Math.floor(random() * ids.length);
    const chosen = [ids[at], ids[(at + 1) % ids.length]];
    const spelled = chosen.flatMap((id) => {
      const genes = reference.genes.filter(({chromosome}) => chromosome === id);
      const drawn = Array.from({length: 10}, () => genes[Math.floor(random() ** 2 * genes.length)].token);
      return [id + chromosomeOffset, ...drawn, chromosomeEnd];
    });
    return Int32Array.from([cls, ...spelled]);
  });
  return {origin: `${n} made-up cells`, sentences};
}

const cells = madeUpCells(520);

function convert(options: ConversionOptions, files = memoryBundle()): Promise<Manifest> {
  return convertCheckpoint(fixtureCheckpoint(fixtureBytes()), files, {openEncoder, ...options});
}

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
          await runSelfTest(bundle, encoder, {maxLength: 30, most: 5})
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

describe("a variant that is too far from float32", () => {
  it("is refused with its figure and the limit, and nothing is written", async () => {
    const files = memoryBundle();
    const limits = {int8: {relativeError: 1e-4, recall15: 0}};
    const refused = convert({variants: ["fp32", "int8"], calibration: cells, limits}, files);
    await expect(refused).rejects.toThrow(
      /int8 variant is too far from float32: relative error 0\.0\d+ \(limit 0\.0001\) on 520 cells \(520 made-up cells\)/
    );
    await expect(refused).rejects.toMatchObject({details: {domain: "checkpoint", code: "variant-misses"}});
    expect(files.files.size).toBe(0);
  });

  it("is refused for neighbors that it loses", async () => {
    const limits = {fp16: {relativeError: 1, recall15: 0.99999}, int8: {relativeError: 1, recall15: 1}};
    const refused = convert({variants: ["fp16", "int8"], calibration: cells, limits});
    await expect(refused).rejects.toThrow(/15-neighbor recall 0\.9\d+ \(at least (1|0\.99999)\)/);
    await expect(refused).rejects.toMatchObject({details: {code: "variant-misses"}});
  });

  it("is refused where the measurement could not tell right from wrong", async () => {
    const limits = {int8: {relativeError: 0.9, recall15: 0}};
    const refused = convert({variants: ["int8"], calibration: cells, limits});
    await expect(refused).rejects.toMatchObject({details: {code: "control-passes"}});
  });

  it("is not written unmeasured, or measured on a few cells, unless that is asked for", async () => {
    await expect(convert({variants: ["int8"]})).rejects.toThrow(
      /int8 variant was measured on 0 cells, .* at least 500/
    );
    await expect(convert({variants: ["int8"], calibration: madeUpCells(40)})).rejects.toMatchObject({
      details: {code: "not-measured"}
    });
    const files = memoryBundle();
    const manifest = await convert({variants: ["int8"], allowInexact: true}, files);
    expect(manifest.variants).toMatchObject([{precision: "int8", relativeError: null, recall15: null}]);
    expect(manifest.measured).toBeUndefined();
    expect((await openBundle(files)).manifest).toEqual(manifest);
    await expect(convert({variants: []})).rejects.toThrow(/no storage precision/);
  });

  it("is not mistaken for another: the encoder has to open what is measured", async () => {
    const files = memoryBundle();
    await convert({variants: everyPrecision, allowInexact: true}, files);
    const always: OpenVariant = (bundle) => openEncoder(bundle, "fp32");
    const measuring = measureVariants(await openBundle(files), ["int8"], madeUpCells(40), {openEncoder: always});
    await expect(measuring).rejects.toThrow(/int8 variant was to be measured but .* opened fp32/);
  });
});
