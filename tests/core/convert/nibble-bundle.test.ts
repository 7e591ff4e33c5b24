import {expect, test} from "vitest";
import {writeRandomBundle} from "../../../scripts/random-bundle.js";
import {openNodeEncoder, openNodeExpressionHead} from "../../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {runSelfTest} from "../../../src/components/core/embed/self-test.js";
import {bundlePaths} from "../../../src/components/core/model/bundle-paths.js";
import type {Architecture} from "../../../src/components/core/model/bundle.js";
import {decodeSelfTest} from "../../../src/components/core/model/self-test-table.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import type {Precision} from "../../../src/components/core/types.js";
import {originalArchitecture, originalBundle} from "../../bench/family-model.js";
import {fixtureBytes, fixtureCheckpoint, memoryBundle} from "./fixture.js";

const small: Architecture = {
  ...originalArchitecture(2),
  ...{width: 64, heads: 1, feedForward: 128, outputWidth: 64, maxLength: 96, expression: [128, 64, 1]},
  output: [
    {width: 64, finish: "norm-gelu"},
    {width: 64, finish: "none"}
  ]
};
const genes = Array.from({length: 40}, (_, i) => ({symbol: `G${i}`, token: 10 + i, chromosome: i % 3, start: i}));

test("a converted model in 4 bits has a graph and a self-test of its own, which it passes, and float32's far from it", async () => {
  const files = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(fixtureBytes()), files, {
    variants: ["fp32", "int4"],
    allowInexact: true,
    openEncoder: (opened, precision) => openNodeEncoder(opened, {precision, threads: 1})
  });
  const bundle = await openBundle(files);
  const [exact, nibbles] = bundle.manifest.variants;
  const names = ({files: listed}: typeof exact) => listed.map(({path}) => path);
  expect(names(exact)).toContain("encoder.fp32.onnx");
  expect(names(exact).filter((path) => path.includes("int4"))).toEqual([]);
  expect(names(nibbles)).not.toContain("encoder.fp32.onnx");
  for (const path of ["encoder.fp32-int4.onnx", "encoder.int4.safetensors", "selftest.int4.arrow"])
    expect(names(nibbles)).toContain(path);
  const encoder = await openNodeEncoder(bundle, {precision: "int4", threads: 1});
  const result = await runSelfTest(bundle, encoder).finally(() => encoder.close());
  expect(result).toMatchObject({passed: true, limit: 1e-3});
  expect(result!.relativeError).toBeLessThan(1e-6);
  const [own, other] = await Promise.all(
    (["int4", "fp32"] as const).map(async (precision) =>
      decodeSelfTest(await bundle.file(bundlePaths.selfTest(precision)))
    )
  );
  const apart = relativeError(own.embeddings, other.embeddings, own.rows.length, own.width);
  expect(apart).toBeGreaterThan(0.01);
  expect(apart).toBeCloseTo(nibbles.selfTestError!, 4);
});

test("the expression head reads a table of its own in 4 bits", async () => {
  const cell = Float32Array.from({length: 64}, (_, i) => (i % 2 === 0 ? 0.125 : -0.125));
  const tokens = Int32Array.from(genes, ({token}) => token);
  const [exact, ours] = await Promise.all(
    (["fp32", "int4"] as const).map(async (precision: Precision) => {
      const files = memoryBundle();
      await writeRandomBundle({...originalBundle(2, genes), architecture: small, precision}, files);
      const head = await openNodeExpressionHead(await openBundle(files), {precision, threads: 1});
      return head.predict(cell, tokens).finally(() => head.close());
    })
  );
  const mean = exact.reduce((sum, value) => sum + value, 0) / exact.length;
  const spread = Math.sqrt(exact.reduce((sum, value) => sum + (value - mean) ** 2, 0) / exact.length);
  const apart = Math.sqrt(exact.reduce((sum, value, i) => sum + (value - ours[i]) ** 2, 0) / exact.length);
  expect(spread).toBeGreaterThan(0.01);
  expect(apart / spread).toBeLessThan(0.3);
  expect(apart).toBeGreaterThan(0);
});
