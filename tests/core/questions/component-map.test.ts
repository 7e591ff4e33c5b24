import {expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {componentMap} from "../../../src/components/core/questions/component-map.js";
import type {QuestionContext} from "../../../src/components/core/questions/context.js";
import {createUmapEngine} from "../../../src/components/core/space/umap-engine.js";
import {defaultChain, type Chain} from "../../../src/components/core/stages/chain.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import {createResultStore, type ResultStore} from "../../../src/components/core/store/result-store.js";
import {fakeReader} from "../anndata/fake-reader.js";

const rows = Int32Array.from({length: 40}, (_, i) => i);

/** A context with a file of its own; `passes` counts how often the counts were read. */
function contextOf(store: ResultStore, identity = "a", parts: Partial<Chain["parameters"]> = {}) {
  const reader = fakeReader({nRows: 40, nCols: 30, perRow: 30, value: (entry) => 1 + ((entry * 7919) % 11)});
  const parameters = {...defaultChain.parameters, neighbors: 5, epochs: 10, ...parts};
  const context = {
    anndata: openAnnData(reader),
    chain: {...defaultChain, parameters},
    layoutEngine: createUmapEngine(),
    fileResults: async () => ({store, identity}),
    ahead: <Answer>(work: Promise<Answer>) => work
  } as unknown as QuestionContext;
  return {context, reads: () => reader.reads.filter(({place}) => place === "/X/data").length};
}

test("a map that is kept is found without a look at the counts; another file, choice of cells or parameter has its own", async () => {
  const store = createResultStore(memoryStore());
  const first = contextOf(store);
  const made = await componentMap(first.context, {rows}, {});
  expect(first.reads()).toBeGreaterThan(0);
  expect(new Set(made.positions).size).toBeGreaterThan(70);

  const again = contextOf(store);
  const found = await componentMap(again.context, {rows: rows.slice()}, {});
  expect(found).toEqual(made);
  expect(again.reads()).toBe(0);

  for (const [other, asked] of [
    [contextOf(store, "b"), rows],
    [contextOf(store), rows.slice(1)],
    [contextOf(store, "a", {seed: 7}), rows]
  ] as const) {
    await componentMap(other.context, {rows: asked}, {});
    expect(other.reads()).toBeGreaterThan(0);
  }
});

test("where nothing can be read or written, the map is made all the same", async () => {
  const refuse = () => Promise.reject(new DOMException("denied", "SecurityError"));
  const store = {...createResultStore(memoryStore()), read: refuse, write: refuse};
  const {context} = contextOf(store);
  expect((await componentMap(context, {rows}, {})).positions).toHaveLength(80);
});
