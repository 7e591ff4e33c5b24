// @vitest-environment jsdom
import {expect, test, vi} from "vitest";
import {costSentences} from "../../src/components/notebook/cost-words.js";
import {modelProgress} from "../../src/components/views/model-progress.js";
import {originalArchitecture} from "../bench/family-model.js";

vi.mock(import("../../src/components/runtime/browser/pace.js"), async (original) => ({
  ...(await original()),
  processorRate: () => ({rate: 1e10, threads: 2})
}));

test("a ready bundle says what it will take here before its files are fetched", () => {
  const small = {layers: 4, width: 128, heads: 4, feedForward: 512, outputWidth: 128, tableRows: 19_698};
  const progress = modelProgress("models.example.org", {
    costOf: (shape, storage) => costSentences(shape, [{name: "the small model", ms: 10, shape: small}], storage)
  });
  const ready = {architecture: originalArchitecture(33), tableRows: 19_698, storage: "int4" as const, files: 11};
  progress.update({
    step: "bundle",
    done: 0,
    total: 398.3e6,
    received: 0,
    plan: null,
    ready: {...ready, bytes: 398.3e6}
  });
  const text = progress.textContent;
  for (const words of [
    "33 layers, 1280 wide, 20 heads, 398 MB in 11 files",
    /about \S+ s a cell, estimated from the time that the small model took/,
    /about 1\.\d+ GB while it is opened/,
    /On a graphics card about 1\.\d+ GB in float16/
  ])
    expect(text).toMatch(words);
  expect(text).not.toContain("of this browser's storage");
  progress.update({
    step: "bundle",
    done: 0,
    total: 1,
    received: 0,
    plan: null,
    ready: {...ready, storage: "int4", bytes: 1}
  });
  expect(costSentences({...originalArchitecture(33), tableRows: 19_698}, [])).toMatch(
    /takes about 2\.\d+ GB of this browser's storage\. On this device: not measured yet.*runs on a graphics card alone/
  );
  // A time of the processor is told of the model that fits there alone.
  expect(costSentences({...originalArchitecture(4), tableRows: 19_698}, [])).toMatch(
    /about \S+ s a cell on the processor, estimated from one product/
  );
});
