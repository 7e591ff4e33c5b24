import type {Table} from "apache-arrow";
import {beforeEach, describe, expect, test} from "vitest";
import {WorkbookError} from "../../../src/components/core/errors.js";
import {StageScheduler} from "../../../src/components/core/stages/scheduler.js";
import {
  embed,
  load,
  normalize,
  sample,
  umap,
  type OpenFile,
  type Stage
} from "../../../src/components/core/stages/stage.js";
import type {ChainStatus} from "../../../src/components/core/stages/status.js";
import {stageNames, type StageName} from "../../../src/components/core/types.js";
import {FakeHost} from "./fake-host.js";

let host: FakeHost;
let file: OpenFile;
beforeEach(() => {
  host = new FakeHost();
  file = {
    ...({name: "cells.h5ad", bytes: 1, identity: "1-a", cellIds: [], obs: [], maps: []} as object),
    inspection: {matrix: {name: "X"}},
    runner: new StageScheduler(host)
  } as unknown as OpenFile;
});

function chain(minDist: number | null = null) {
  const counts = load(file);
  const embeddings = embed(sample(normalize(counts)));
  return {counts, embeddings, map: umap(embeddings, {minDist})};
}

/** The status once it fulfills a condition. */
async function statusWhere(stage: Stage, fits: (status: ChainStatus) => boolean): Promise<ChainStatus> {
  for await (const status of stage.watch()) if (fits(status)) return status;
  throw new Error("watching ended");
}
const stateOf = ({stages}: ChainStatus, name: StageName) => stages.find(({stage}) => stage === name)?.state;
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("what is asked for", () => {
  test("making stages computes nothing", async () => {
    chain();
    await turn();
    expect(host.runs).toEqual([]);
  });

  test("together is one run, down to the last stage that is wanted", async () => {
    const {counts, embeddings, map} = chain();
    await Promise.all([counts.table(), map.table(), embeddings.table(), embeddings.table()]);
    expect(host.runs.map(({until}) => until.name)).toEqual(["umap"]);
    expect(host.runs[0].wanted).toEqual(["load", "embed", "umap"]);
    expect(host.made).toEqual([...stageNames]);
  });

  test("by an equal description is the same table; another min_dist makes umap alone", async () => {
    const [one, other] = [await chain().map.table(), await chain().map.table()];
    expect(other).toBe(one);
    expect(host.runs).toHaveLength(1);
    await chain(0.5).map.table();
    expect(host.made.slice(5)).toEqual(["umap"]);
  });

  test("live gives each frame and the whole table last", async () => {
    const frames: Table[] = [];
    for await (const table of chain().map.live()) frames.push(table);
    expect(frames.map(({schema}) => schema.fields.map(({name}) => name))).toEqual([["row", "x", "y"], ["row"]]);
    expect(frames[0].get(0)!.toJSON()).toEqual({row: 4, x: 0.5, y: 2});
    expect(frames[0].schema.metadata.get("epochs")).toBe("2");
  });
});

describe("what takes long", () => {
  test("waits for start, while the stages above it are computed", async () => {
    host.slow.add("embed").add("umap");
    const {counts, map} = chain();
    const waiting = map.table();
    await counts.table();
    const status = await statusWhere(map, (now) => stateOf(now, "umap") === "waiting");
    expect(status.estimate).toBe(90_000);
    expect(host.made).not.toContain("embed");
    map.start();
    await waiting;
    expect(host.made.filter((stage) => stage === "embed")).toHaveLength(1);
  });

  test("comes from the store unasked", async () => {
    await chain().map.table();
    host.slow.add("embed").add("umap");
    const again = {...file, runner: new StageScheduler(host)} as OpenFile;
    const stage = umap(embed(sample(normalize(load(again)))));
    await stage.table();
    expect(host.made).toHaveLength(5);
    expect(host.runs.at(-1)!.reuse).toBe("only");
    expect((await statusWhere(stage, () => true)).stages.every(({stored}) => stored)).toBe(true);
  });

  test("anew computes what is there", async () => {
    const {map, embeddings} = chain();
    await map.table();
    embeddings.start({anew: true});
    await statusWhere(embeddings, () => host.made.filter((stage) => stage === "embed").length === 2);
    expect(host.runs.at(-1)).toMatchObject({reuse: "none"});
    expect(host.runs.at(-1)!.until.name).toBe("embed");
  });
});

describe("what ends early", () => {
  test("a wish that is withdrawn rejects, and ends a run that nobody else waits for", async () => {
    host.gate = new Promise(() => {});
    const [first, second] = [new AbortController(), new AbortController()];
    const {counts, map} = chain();
    const wishes = [map.table({signal: first.signal}), counts.table({signal: second.signal})];
    await statusWhere(map, ({running}) => running);
    first.abort();
    await expect(wishes[0]).rejects.toMatchObject({name: "AbortError"});
    expect((await statusWhere(map, () => true)).running).toBe(true);
    second.abort();
    await expect(wishes[1]).rejects.toMatchObject({name: "AbortError"});
    await statusWhere(map, ({running}) => !running);
    expect(host.marks.at(-1)).toBe(null);
  });

  test("a wish made again while its run ends is served, and nobody has canceled it", async () => {
    let open = () => {};
    host.gate = new Promise((resolve) => (open = resolve));
    const stop = new AbortController();
    const {map} = chain();
    const first = map.table({signal: stop.signal});
    await statusWhere(map, ({running}) => running);
    stop.abort();
    const second = map.table();
    open();
    await expect(first).rejects.toMatchObject({name: "AbortError"});
    await second;
    expect((await statusWhere(map, () => true)).canceled).toBe(false);
  });

  test("invalidation withdraws a wish", async () => {
    host.gate = new Promise(() => {});
    let invalidate = () => {};
    const wish = chain().map.table({invalidation: new Promise<void>((resolve) => (invalidate = resolve))});
    invalidate();
    await expect(wish).rejects.toMatchObject({name: "AbortError"});
  });

  test("cancel on a page waits for the next run; start goes on", async () => {
    let open = () => {};
    host.gate = new Promise((resolve) => (open = resolve));
    const {map} = chain();
    const table = map.table();
    await statusWhere(map, ({running}) => running);
    map.cancel();
    const status = await statusWhere(map, ({canceled}) => canceled);
    expect(stateOf(status, "umap")).toBe("waiting");
    open();
    map.start();
    await table;
  });

  test("a fault on a page stands in the status, and start tries again", async () => {
    host.fault = new WorkbookError({domain: "encoder", code: "no-device", fault: "no device", remedy: "wait"});
    const {map} = chain();
    const table = map.table();
    const status = await statusWhere(map, ({error}) => error !== null);
    expect(status.error).toMatchObject({code: "no-device", remedy: "wait"});
    expect([stateOf(status, "embed"), stateOf(status, "umap")]).toEqual(["error", "waiting"]);
    host.fault = null;
    map.start();
    await table;
    expect((await statusWhere(map, () => true)).error).toBe(null);
  });

  test("where nobody attends, fault and cancel reject", async () => {
    host.attended = false;
    host.fault = new WorkbookError({domain: "encoder", code: "no-device", fault: "no device", remedy: "wait"});
    await expect(chain().map.table()).rejects.toMatchObject({code: "no-device"});
    host.fault = null;
    host.gate = new Promise(() => {});
    const {map} = chain(0.7);
    const table = map.table();
    await statusWhere(map, ({running}) => running);
    map.cancel();
    await expect(table).rejects.toMatchObject({name: "AbortError"});
  });

  test("a run anew that fails or is canceled leaves what was there, for those who ask and those who wait", async () => {
    const {map, embeddings} = chain();
    const [table, vectors] = [await map.table(), await embeddings.table()];
    host.fault = new WorkbookError({domain: "file", code: "file-changed", fault: "it went", remedy: "choose it again"});
    map.start({anew: true});
    const status = await statusWhere(map, ({error}) => error !== null);
    expect(status.error).toMatchObject({code: "file-changed"});
    expect(status.stages.map(({state}) => state)).toEqual(stageNames.map(() => "done"));
    expect([await map.table(), await embeddings.table()]).toEqual([table, vectors]);

    host.fault = null;
    host.gate = new Promise(() => {});
    map.start({anew: true});
    await statusWhere(map, ({running}) => running);
    const waiting = map.table();
    map.cancel();
    expect(await waiting).toBe(table);
    const after = await statusWhere(map, ({running}) => !running);
    expect([after.error, after.canceled]).toEqual([null, false]);
    expect(host.runs).toHaveLength(3);
  });

  test("a fault of a file says nothing of the same file opened again, whose bytes are read from then on", async () => {
    host.fault = new WorkbookError({domain: "file", code: "file-changed", fault: "it went", remedy: "choose it again"});
    const {map} = chain();
    const lost = map.table();
    await statusWhere(map, ({error}) => error !== null);
    host.fault = null;
    const again: OpenFile = {...file};
    const stage = umap(embed(sample(normalize(load(again)))));
    expect(stage.address).toBe(map.address);
    expect(await stage.table()).toBe(await lost);
    expect(host.runs.at(-1)!.until.file).toBe(again);
    expect((await statusWhere(stage, () => true)).error).toBe(null);
  });

  test("after Cancel the same file opened again still waits for start", async () => {
    host.gate = new Promise(() => {});
    const {map} = chain();
    void map.table();
    await statusWhere(map, ({running}) => running);
    map.cancel();
    await statusWhere(map, ({canceled}) => canceled);
    const stage = umap(embed(sample(normalize(load({...file})))));
    void stage.table();
    await turn();
    expect(host.runs).toHaveLength(1);
    expect(stateOf(await statusWhere(stage, () => true), "umap")).toBe("waiting");
  });

  test("a run that waited for another tab says so no more once it goes on", async () => {
    let open = () => {};
    const run = host.run.bind(host);
    host.run = async (order, onEvent, signal) => {
      onEvent({type: "notice", stage: "load", severity: "info", code: "queued", message: "another tab is running"});
      onEvent({type: "notice", stage: "load", severity: "info", code: "other", message: "stays"});
      await new Promise<void>((resolve) => (open = resolve));
      return run(order, onEvent, signal);
    };
    const {map} = chain();
    const table = map.table();
    const told = async () => (await statusWhere(map, ({notices}) => notices.length > 0)).notices.map(({code}) => code);
    await statusWhere(map, ({running}) => running);
    expect(await told()).toContain("queued");
    // The first look is only into the store.
    open();
    await table;
    expect(await told()).toEqual(["other"]);
  });
});
