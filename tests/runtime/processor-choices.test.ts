import {beforeAll, expect, test} from "vitest";
import {convertCheckpoint} from "../../src/components/core/convert/convert.js";
import {uceBrainOutput} from "../../src/components/core/model/architecture.js";
import {bundlePaths} from "../../src/components/core/model/bundle-paths.js";
import type {Bundle} from "../../src/components/core/model/bundle.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {decodeSelfTest, encodeSelfTest} from "../../src/components/core/model/self-test-table.js";
import {processorChoices} from "../../src/components/runtime/browser/open-processor.js";
import {openBackend} from "../../src/components/runtime/node-backend.js";
import {fixtureCheckpoint, fixtureTensors, memoryBundle, toSafetensors} from "../core/convert/fixture.js";
import {openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";

let bundle: Bundle;
beforeAll(async () => {
  const files = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors())), files, {
    openEncoder: (opened) => openNodeEncoder(opened, {precision: "fp32", threads: 1})
  });
  bundle = await openBundle(files);
});

test("in a page our own functions come first, and only for models that they can compute", () => {
  const labels = (heads: number) => {
    const architecture = {
      layers: 8,
      width: 512,
      heads,
      feedForward: 2048,
      outputWidth: 512,
      output: uceBrainOutput(512)
    };
    return processorChoices({manifest: {architecture}} as unknown as Bundle).map(({label}) => label);
  };
  expect(labels(16)).toEqual(["the processor (wasm)", "the processor (onnxruntime's wasm)"]);
  expect(labels(5)).toEqual(["the processor (onnxruntime's wasm)"]);
});

test("in Node, too: one that passes its self-test is used, one that fails it makes room for onnxruntime, and it is said", async () => {
  const told: string[] = [];
  const nameOf = async (of: Bundle): Promise<string> => {
    const onFallback = ({message}: {message: string}) => void told.push(message);
    const encoder = await openBackend(of, {backend: "wasm", threads: 1, onFallback});
    await encoder.close();
    return encoder.name;
  };
  expect([await nameOf(bundle), told]).toEqual(["Node wasm, 1 thread", []]);

  const path = bundlePaths.selfTest("fp32");
  const test = decodeSelfTest(await bundle.file(path));
  const {width} = test;
  const shifted = test.embeddings.map((_, i, all) => all[(i + width) % all.length]);
  const spoilt = encodeSelfTest({...test, embeddings: shifted});
  const wrong: Bundle = {
    ...bundle,
    hash: "another",
    file: async (name, signal) => (name === path ? spoilt : bundle.file(name, signal))
  };
  expect(await nameOf(wrong)).toBe("Node wasm, onnxruntime, 1 thread");
  expect(told).toEqual([
    expect.stringMatching(/^Node wasm, 1 thread computes wrong vectors .*: going on with onnxruntime's wasm$/)
  ]);
});
