import {describe, expect, it} from "vitest";
import {openKeptPieces} from "../../../src/components/core/convert/kept-pieces.js";
import {measureVariants} from "../../../src/components/core/convert/measure-variants.js";
import type {OpenVariant} from "../../../src/components/core/convert/measurement.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import {memoryBundle} from "./fixture.js";
import {cells, convert, countingEncoder, everyPrecision, made, madeUpCells, openEncoder} from "./made-up-cells.js";

describe("a variant that is too far from float32", () => {
  it("is refused with its figure and the limit, and nothing is written", async () => {
    const files = memoryBundle();
    const limits = {int8: {relativeError: 1e-4, recall15: 0}};
    const refused = convert({variants: ["int8"], calibration: cells, limits}, files);
    await expect(refused).rejects.toThrow(
      /int8 variant is too far from float32: relative error 0\.0\d+ \(limit 0\.0001\) on the first 48 of 520 cells \(520 made-up cells\), clearly enough/
    );
    await expect(refused).rejects.toMatchObject({details: {domain: "checkpoint", code: "variant-misses"}});
    expect(files.files.size).toBe(0);
  });

  it("is left out where others are near enough, which are written; it is measured until it is clear", async () => {
    const files = memoryBundle();
    const limits = {int8: {relativeError: 1e-4, recall15: 0}};
    const left: string[] = [];
    let [embedded, estimate] = [0, 0];
    const manifest = await convert(
      {
        variants: everyPrecision,
        calibration: cells,
        limits,
        openEncoder: countingEncoder((precision, batch) => precision === "int8" && (embedded += batch)),
        onLeftOut: (precision, why) => left.push(`${precision}: ${why.code}`),
        onEstimate: (seconds) => (estimate = seconds)
      },
      files
    );
    expect(left).toEqual(["int8: variant-misses"]);
    expect(manifest.variants.map(({precision}) => precision)).toEqual(["fp32", "fp16"]);
    expect(manifest.measured?.cells).toBe(520);
    expect([...files.files.keys()].filter((path) => path.includes("int8"))).toEqual([]);
    // 26 of them are the self-test's.
    expect(embedded).toBe(48 + 26);
    expect(estimate).toBeGreaterThan(0);
    expect((await openBundle(files)).manifest).toEqual(manifest);
  });

  it("is not measured again where a conversion goes on, with the same figures", async () => {
    const store = memoryStore();
    const bundle = await made();
    const whole = await measureVariants(bundle, ["fp16"], cells, {openEncoder});
    const abort = new AbortController();
    const kept = await openKeptPieces(store, "one");
    const stopped = measureVariants(bundle, ["fp16"], cells, {
      openEncoder,
      kept,
      signal: abort.signal,
      onProgress: (done) => done > 700 && abort.abort()
    });
    await expect(stopped).rejects.toMatchObject({name: "AbortError"});
    let embedded = 0;
    const again = await measureVariants(bundle, ["fp16"], cells, {
      openEncoder: countingEncoder((_, batch) => (embedded += batch)),
      kept: await openKeptPieces(store, "one")
    });
    expect(again).toEqual(whole);
    expect(embedded).toBeLessThan(520 * 2 + 4 * 96 - 690);
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
