import {describe, expect, it} from "vitest";
import {bestPrecision} from "../../../src/components/core/model/best-precision.js";
import type {Bundle, BundleVariant} from "../../../src/components/core/model/bundle.js";
import {selfTestLimit} from "../../../src/components/core/embed/self-test-limit.js";
import type {Precision} from "../../../src/components/core/types.js";

describe("choosing a precision", () => {
  const variant = (
    precision: Precision,
    bytes: number,
    relativeError: number | null,
    recall15 = 0.99
  ): BundleVariant => ({
    precision,
    relativeError,
    recall15: relativeError === null ? null : recall15,
    files: [{path: `table.${precision}.safetensors`, bytes, sha256: ""}]
  });
  const bundleOf = (...variants: BundleVariant[]) => ({manifest: {name: "m", variants}}) as unknown as Bundle;
  const all = [variant("int8", 4, 0.06), variant("fp16", 8, 0.002), variant("fp32", 15, 0)];

  it("takes the nearest to the checkpoint, or the smallest download that is near enough", () => {
    const choose = (...variants: BundleVariant[]) => [
      bestPrecision(bundleOf(...variants)),
      bestPrecision(bundleOf(...variants), {prefer: "download"})
    ];
    expect(choose(...all)).toEqual(["fp32", "int8"]);
    expect(choose(all[0], all[1])).toEqual(["fp16", "int8"]);
    expect(choose(all[0])).toEqual(["int8", "int8"]);
    expect(choose(variant("int8", 4, 0.2), ...all.slice(1))).toEqual(["fp32", "fp16"]);
    expect(choose(variant("int8", 4, 0.06, 0.9), ...all.slice(1))).toEqual(["fp32", "fp16"]);
    const nibbles = variant("int4", 2, 0.15, 0.93);
    expect(choose(nibbles, ...all)).toEqual(["fp32", "int8"]);
    expect(choose(nibbles, variant("int8", 4, 0.2), all[2])).toEqual(["fp32", "int4"]);
    expect(choose(nibbles)).toEqual(["int4", "int4"]);
    expect(choose(variant("int8", 4, null), all[2])).toEqual(["fp32", "fp32"]);
    expect(choose(variant("int8", 4, null), variant("fp16", 8, null))).toEqual(["fp16", "int8"]);
  });

  it("takes what is wanted if it is there, and says what there is if not", () => {
    expect(bestPrecision(bundleOf(...all), {wanted: "fp16", prefer: "download"})).toBe("fp16");
    expect(() => bestPrecision(bundleOf(all[0], all[1]), {wanted: "fp32"})).toThrow(
      /model m has no fp32 variant \(it has fp16, int8\): choose one of the variants/
    );
  });

  it("expects more of a device the more precise the variant is, and more of a CPU than of a GPU", () => {
    const measured = {...all[0], selfTestError: 0.016};
    const limit = (backend: string, of: BundleVariant, compute: "fp32" | "fp16" = "fp32") =>
      selfTestLimit({backend, compute}, of);
    expect([limit("cpu", all[2]), limit("wasm", all[2]), limit("webgpu", all[2])]).toEqual([1e-3, 1e-3, 5e-3]);
    expect(limit("webgpu", all[2], "fp16")).toBe(2e-2);
    expect(limit("wasm", measured)).toBeCloseTo(0.033, 12);
    expect(limit("webgpu", measured)).toBeCloseTo(0.037, 12);
    expect(limit("cpu", all[1])).toBeCloseTo(0.005, 12);
    expect(limit("cpu", variant("int8", 4, null))).toBeCloseTo(0.141, 12);
  });
});
