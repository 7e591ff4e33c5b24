import {expect, test} from "vitest";
import type {Arithmetic} from "../../src/components/core/kernels/kernel.js";
import {uceBrainOutput} from "../../src/components/core/model/architecture.js";
import type {Bundle} from "../../src/components/core/model/bundle.js";
import {ownChoices} from "../../src/components/runtime/browser/encoder-choices.js";
import type {GpuFound} from "../../src/components/runtime/browser/gpu-device.js";

function bundle(heads: number): Bundle {
  const output = uceBrainOutput(512);
  const architecture = {layers: 8, width: 512, heads, feedForward: 2048, outputWidth: 512, output};
  return {hash: "", manifest: {architecture}} as unknown as Bundle;
}

function gpu(arithmetics: Arithmetic[], software = false): GpuFound {
  const open = () => Promise.reject(new Error("no device"));
  return {name: "a GPU", software, subgroups: true, arithmetics, open};
}

const labels = (...of: Parameters<typeof ownChoices>) => ownChoices(...of).map(({label}) => label);

test("our kernels are tried in the fastest arithmetic first, on a real GPU only, and for models that they can compute", async () => {
  expect(labels(bundle(16), gpu(["fp32", "fp16", "matrix"]))).toEqual([
    "WebGPU (a GPU) with our kernels in float16 on matrix units",
    "WebGPU (a GPU) with our kernels in float16",
    "WebGPU (a GPU) with our kernels in float32"
  ]);
  expect(labels(bundle(16), gpu(["fp32"]))).toEqual(["WebGPU (a GPU) with our kernels in float32"]);
  expect(labels(bundle(4), gpu(["fp32", "fp16", "matrix"]))).toHaveLength(2);
  expect(labels(bundle(5), gpu(["fp32"]))).toEqual([]);
  expect(labels(bundle(16), gpu(["fp32"], true))).toEqual([]);
  const [only] = ownChoices(bundle(16), gpu(["fp32"]));
  await expect(only.open()).rejects.toMatchObject({
    details: {code: "no-device", fault: "WebGPU, a GPU, our kernels in float32 gave no device"}
  });
});
