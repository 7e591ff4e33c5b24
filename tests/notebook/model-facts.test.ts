// @vitest-environment jsdom
import {readFileSync} from "node:fs";
import {expect, test} from "vitest";
import type {Manifest} from "../../src/components/core/model/bundle.js";
import {parseManifest} from "../../src/components/core/model/manifest.js";
import {modelEntry} from "../../src/components/notebook/model-facts.js";

const {trainedOn: _, ...own} = parseManifest(new Uint8Array(readFileSync("src/data/model/manifest.json")), "demo");
function factsOf(source: Partial<Manifest["source"]>): Record<string, string> {
  const {note: __, ...rest} = own.source;
  const entry = modelEntry({...own, source: {...rest, ...source}}, {hash: "ab", pace: "ab", bytes: 1});
  return Object.fromEntries(entry.facts);
}
const organoids = "https://huggingface.co/KuanP/uce-brain-pilot-8l-512d/resolve/main/";

test("a model is listed with what its bundle states, else with what is known of its checkpoint, else with nothing made up", () => {
  expect(factsOf({license: "CC BY 4.0", citation: "Somebody 2026", note: "trained on mice"})).toMatchObject({
    license: "CC BY 4.0",
    citation: "Somebody 2026",
    trained: "trained on mice"
  });
  expect(factsOf({address: organoids})).toMatchObject({
    trained: "on brain organoids, says its page on Hugging Face, 2026",
    citation: expect.stringMatching(/bioRxiv 2023/),
    license: expect.stringMatching(/^not stated/)
  });
  expect(factsOf({})).toMatchObject({
    license: expect.stringMatching(/^not stated/),
    citation: expect.stringMatching(/^not stated/),
    trained: "as its makers published it; they say on what"
  });
});

test("what a model costs here is measured or estimated, and what its weights were measured to be is told", () => {
  const shape = {...own.architecture, tableRows: own.tableRows};
  const {facts, measuring} = modelEntry(own, {hash: "ab", pace: "ab", bytes: 1, precisions: ["int8"]}, [
    {name: "another", ms: 50, shape}
  ]);
  const told = Object.fromEntries(facts);
  expect(told["speed here"]).toMatch(/^about 50 ms a cell, estimated from the time that another took on this device/);
  expect(told.memory).toMatch(/^about [\d.]+ MB while it is opened, by arithmetic/);
  expect(told["stored as"]).toMatch(
    /^8 bit: relative error 0\.022 to float32, 98\.9 % of the 15 nearest neighbors kept, on 600 cells/
  );
  expect([told.smaller, measuring]).toEqual([undefined, null]);
});

test("a model that is kept in float32 says that its smaller variants are not measured, and later what was found", () => {
  const [first] = own.variants;
  const exact = {...own, variants: [{...first, precision: "fp32" as const, relativeError: 0, recall15: 1}]};
  const kept = {hash: "ab", pace: "ab", bytes: 1, precisions: ["fp32" as const]};
  const fresh = modelEntry(exact, kept);
  expect(Object.fromEntries(fresh.facts).smaller).toMatch(
    /^not measured: float16 \(about 6\.66 MB\) and 8 bit \(about 3\.43 MB\)$/
  );
  expect(fresh.measuring).toBe("new");
  expect(modelEntry(exact, {...kept, begun: true}).measuring).toBe("begun");
  const figures = {bytes: 3e6, relativeError: 0.02, recall15: 0.99, cells: 260};
  const measured = {
    ...{origin: "260 cells of demo.h5ad", backend: "wasm", made: "cd"},
    variants: [
      {precision: "fp16" as const, ...figures, fault: "the fp16 variant is too far from float32"},
      {precision: "int8" as const, ...figures, fault: null}
    ]
  };
  const later = modelEntry(exact, {...kept, measured});
  expect(Object.fromEntries(later.facts).smaller).toBe(
    "not float16: the fp16 variant is too far from float32; 8 bit (3 MB) is near enough, measured on 260 cells"
  );
  expect(later.measuring).toBe("done");
});
