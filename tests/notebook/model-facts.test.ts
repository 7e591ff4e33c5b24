// @vitest-environment jsdom
import {readFileSync} from "node:fs";
import {expect, test} from "vitest";
import type {Manifest} from "../../src/components/core/model/bundle.js";
import {modelEntry} from "../../src/components/notebook/model-facts.js";

const {trainedOn: _, ...own} = JSON.parse(readFileSync("src/data/model/manifest.json", "utf8")) as Manifest;
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
