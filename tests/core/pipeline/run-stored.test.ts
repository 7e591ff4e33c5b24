import {type Table} from "apache-arrow";
import {expect, it} from "vitest";
import {WorkbookError} from "../../../src/components/core/errors.js";
import {type PipelineEvent} from "../../../src/components/core/pipeline/events.js";
import {type PipelineParameters} from "../../../src/components/core/parameters.js";
import {type StoredRunOptions} from "../../../src/components/core/pipeline/run-stored.js";
import {memoryStore, type ObjectStore} from "../../../src/components/core/store/object-store.js";
import {createResultStore, storedResults} from "../../../src/components/core/store/result-store.js";
import {readProvenance} from "../../../src/components/core/tables/provenance.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {readTimes} from "../../../src/components/core/tables/times.js";
import {readSentences} from "../../../src/components/core/tables/sentences.js";
import type {StageName} from "../../../src/components/core/types.js";
import {bytes, run, type Told} from "./stored-run.js";

const all: StageName[] = ["load", "normalize", "sample", "embed", "umap"];

it("a second run of the same computes nothing and hands out the same tables", async () => {
  const store = memoryStore();
  const first = await run(store);
  expect([...new Set(first.ran)].sort()).toEqual([...all].sort());
  expect(first.sentences).toBeGreaterThan(3);
  const second = await run(store);
  expect(second).toMatchObject({ran: [], kept: all, sentences: 0, batches: []});
  expect([...second.tables.keys()].sort()).toEqual([...first.tables.keys()].sort());
  for (const name of first.tables.keys()) expect(bytes(second, name), name).toBe(bytes(first, name));
});

it.each<[string, Partial<PipelineParameters>, StageName[]]>([
  ["another seed of the map", {seed: 7}, ["umap"]],
  ["another number of neighbors", {neighbors: 2}, ["umap"]],
  ["averaging over samplings", {average: 2}, ["sample", "embed", "umap"]],
  ["another sampling", {sampling: "low-variance"}, ["sample", "embed", "umap"]],
  ["seeds from names", {seeds: "name"}, ["sample", "embed", "umap"]]
])("%s runs that stage and those after it, and gives what a run from nothing gives", async (_, change, expected) => {
  const store = memoryStore();
  await run(store);
  const changed = await run(store, change);
  const fresh = await run(memoryStore(), change);
  expect([...new Set(changed.ran)]).toEqual(expected);
  expect(changed.kept).toEqual(all.filter((stage) => !expected.includes(stage)));
  for (const name of ["sentences", "embeddings", "umap"] as const)
    expect(bytes(changed, name), name).toBe(bytes(fresh, name));
});

it("a run that was stopped resumes at its last finished batch, also with other cells, and no batch is computed twice", async () => {
  const store = memoryStore();
  const whole = await run(memoryStore());
  const stopped = {sentences: 0, stopAfter: 4};
  await expect(run(store, {}, {}, stopped)).rejects.toThrow("stopped");
  expect(stopped.sentences).toBeGreaterThanOrEqual(4);
  const resumed = await run(store);
  expect(resumed.notices).toContain("resumed");
  expect(resumed.sentences).toBe(whole.sentences - stopped.sentences);
  expect(bytes(resumed, "embeddings")).toBe(bytes(whole, "embeddings"));
  expect(bytes(resumed, "umap")).toBe(bytes(whole, "umap"));
  const some = await run(store, {}, {rows: Int32Array.of(0, 1, 2), until: "embed"});
  expect(some.sentences).toBe(0);
});

it("seeds from names are told of, are in the tables' provenance, and make other sentences whether drawn from the file or from kept probabilities", async () => {
  const [byRow, byName] = [await run(memoryStore()), await run(memoryStore(), {seeds: "name"})];
  expect(byRow.notices).not.toContain("seeds-by-name");
  expect(byName.notices).toContain("seeds-by-name");
  const told = (table: Table) => readProvenance(table)!.parameters;
  expect([told(byRow.tables.get("embeddings")!)["seeds"], told(byName.tables.get("sentences")!)["seeds"]]).toEqual([
    "row",
    "name"
  ]);
  expect(bytes(byName, "probabilities")).toBe(bytes(byRow, "probabilities"));
  const tokens = ({tables}: Told) => {
    const {rows, tokens: of} = readSentences(tables.get("sentences")!);
    return Array.from(rows, (_, i) => of(i)?.join());
  };
  expect(tokens(byName)).not.toEqual(tokens(byRow));
});

it("what is stored can be told without computing, or computed anew", async () => {
  const store = memoryStore();
  expect(await run(store, {}, {reuse: "only"})).toMatchObject({ran: [], kept: [], sentences: 0});
  await run(store, {}, {until: "embed"});
  expect(await run(store, {}, {reuse: "only"})).toMatchObject({
    ran: [],
    kept: ["load", "normalize", "sample", "embed"],
    sentences: 0
  });
  const anew = await run(store, {}, {reuse: "none"});
  expect(anew.kept).toEqual([]);
  expect(anew.sentences).toBeGreaterThan(3);
});

it("times of stages and calls are kept with the results, told with what is stored, and replaced by those of another run", async () => {
  const store = memoryStore();
  const times = async (options: Partial<StoredRunOptions> = {}) => {
    const events: PipelineEvent[] = [];
    await run(store, {}, {...options, onEvent: (event) => events.push(event)});
    const done = events.filter((event) => event.type === "progress" && event.state === "done");
    return {
      stages: Object.fromEntries(done.map((event) => (event.type === "progress" ? [event.stage, event.ms] : []))),
      calls: events.flatMap((event) =>
        event.type === "calls"
          ? event.calls
          : event.type === "batch"
            ? [{cells: event.rows.length, length: event.length, ms: event.ms}]
            : []
      ),
      kinds: events.map(({type}) => type)
    };
  };
  const first = await times();
  expect(first.calls.length).toBeGreaterThan(1);
  expect(first.kinds).not.toContain("calls");
  const second = await times({reuse: "only"});
  expect(second).toMatchObject({stages: first.stages, calls: first.calls});
  expect(second.kinds.filter((kind) => kind === "batch")).toEqual([]);
  expect(await times()).toMatchObject({stages: first.stages, calls: first.calls});
  const anew = await times({reuse: "none"});
  const third = await times({reuse: "only"});
  expect(third).toMatchObject({stages: anew.stages, calls: anew.calls});
  for (const {name} of await store.list("")) if (name.includes("/times-")) await store.remove(name);
  const without = await times({reuse: "only"});
  expect(without.calls).toEqual([]);
  expect(new Set(Object.values(without.stages))).toEqual(new Set([0]));
});

it("a run anew that is cut off leaves the times of the result that stays", async () => {
  const store = memoryStore();
  await run(store);
  const times = async () => (await store.list("")).map(({name}) => name).filter((name) => name.includes("/times-"));
  const before = await times();
  expect(before.length).toBe(5);
  await expect(run(store, {}, {reuse: "none"}, {sentences: 0, stopAfter: 4})).rejects.toThrow("stopped");
  expect(await times()).toEqual(before);
});

it("a run that goes on after one that was cut off keeps the calls of both", async () => {
  const store = memoryStore();
  await expect(run(store, {}, {}, {sentences: 0, stopAfter: 4})).rejects.toThrow("stopped");
  const rest = await run(store);
  expect(rest.notices).toContain("resumed");
  const kept = (await createResultStore(store).objects.list("")).find(({name}) => name.includes("/times-embed."))!;
  const {calls} = readTimes(tableFromBytes((await store.read(kept.name))!, kept.name));
  expect(calls.reduce((sum, {cells}) => sum + cells, 0)).toBe(4 + rest.sentences);
});

it("a damaged or lost result is computed again", async () => {
  const store = memoryStore();
  const whole = await run(store);
  for (const {name} of await store.list("")) {
    if (!/\/(embeddings|umap|part-[^/]*)\./.test(name)) continue;
    const content = (await store.read(name))!;
    content[content.length >> 1] ^= 1;
    await store.write(name, content);
  }
  const again = await run(store);
  expect(again.kept).toEqual(["load", "normalize", "sample"]);
  expect(again.sentences).toBe(whole.sentences);
  expect(bytes(again, "umap")).toBe(bytes(whole, "umap"));
});

it("a store without room ends the storing, not the run, and says so once", async () => {
  const store = memoryStore();
  const fault = {domain: "storage", code: "storage-full", fault: "no room", remedy: "clear it"} as const;
  const full: ObjectStore = {...store, write: async () => Promise.reject(new WorkbookError(fault))};
  const told = await run(full);
  expect(told.notices.filter((code) => code === "not-stored")).toEqual(["not-stored"]);
  expect(bytes(told, "umap")).toBe(bytes(await run(memoryStore()), "umap"));
  expect(await storedResults(store)).toEqual({results: 0, bytes: 0});
});
