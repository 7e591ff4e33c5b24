import {tableFromArrays} from "apache-arrow";
import {beforeEach, expect, test} from "vitest";
import {AnswerRunner, type AskAnswer} from "../../../src/components/core/stages/answer-runner.js";
import {cluster} from "../../../src/components/core/stages/cluster.js";
import {
  embed,
  load,
  normalize,
  sample,
  type AnswerStatus,
  type OpenFile,
  type Stage
} from "../../../src/components/core/stages/stage.js";
import {WorkbookError} from "../../../src/components/core/errors.js";
import {tableToStreamBytes} from "../../../src/components/core/tables/file.js";

/** Questions that are open: each waits to be answered. */
let open: {
  asked: Parameters<AskAnswer>[0];
  options: Parameters<AskAnswer>[1];
  answer(): void;
  fail(e: unknown): void;
}[];
let embeddings: Stage;

beforeEach(() => {
  open = [];
  const answers = new AnswerRunner(
    (asked, options) =>
      new Promise((resolve, reject) => {
        const bytes = tableToStreamBytes(tableFromArrays({row: Int32Array.of(open.length)}));
        options.signal.addEventListener("abort", () => reject(options.signal.reason as Error));
        open.push({asked, options, answer: () => resolve(bytes), fail: reject});
      })
  );
  const file = {identity: "9-ab", inspection: {matrix: {name: "X"}}, answers} as unknown as OpenFile;
  embeddings = embed(sample(normalize(load(file))));
});

test("an answer is a description: its address says all that it is made with, and nothing is asked", () => {
  const clusters = cluster(embeddings, {resolution: 2});
  expect(JSON.parse(clusters.address)).toEqual([
    "cluster",
    {neighbors: 15, resolution: 2, seed: 42, stability: true},
    embeddings.address
  ]);
  expect(cluster(embeddings, {resolution: 2}).address).toBe(clusters.address);
  expect(cluster(embeddings).address).not.toBe(clusters.address);
  expect(clusters.parent).toBe(embeddings);
  expect(() => cluster(embeddings.parent!)).toThrow(/cluster reads a embed stage, and was given a sample stage/);
  expect(open).toEqual([]);
});

test("equal descriptions are asked once, during it and afterwards, and share the table", async () => {
  const both = [cluster(embeddings).table(), cluster(embeddings).table()];
  const other = cluster(embeddings, {seed: 1}).table();
  expect(open.map(({asked}) => asked.parameters["seed"])).toEqual([42, 1]);
  open.forEach(({answer}) => answer());
  const [a, b] = await Promise.all(both);
  expect(a).toBe(b);
  expect(await cluster(embeddings).table()).toBe(a);
  expect(await other).not.toBe(a);
  expect(open).toHaveLength(2);
});

test("one that nobody waits for any more ends; one of two who leaves ends nothing", async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const both = [first, second].map(({signal}) => cluster(embeddings).table({signal}));
  first.abort();
  await expect(both[0]).rejects.toMatchObject({name: "AbortError"});
  expect(open[0].options.signal.aborted).toBe(false);
  second.abort();
  await expect(both[1]).rejects.toMatchObject({name: "AbortError"});
  expect(open[0].options.signal.aborted).toBe(true);
  const again = cluster(embeddings).table();
  open[1].answer();
  expect((await again).getChild("row")!.get(0)).toBe(1);
});

test("progress, a fault and Cancel are told; each can be asked again", async () => {
  const clusters = cluster(embeddings);
  const seen: AnswerStatus[] = [];
  const stop = new AbortController();
  const watching = (async () => {
    for await (const status of clusters.watch({signal: stop.signal})) seen.push(status);
  })();
  const failing = clusters.table();
  open[0].options.onProgress(30, 100);
  await Promise.resolve();
  open[0].fail(new WorkbookError({domain: "space", code: "too-few-cells", fault: "two cells", remedy: "more"}));
  await expect(failing).rejects.toMatchObject({code: "too-few-cells"});
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(seen.at(-1)).toMatchObject({state: "error", done: 30, total: 100, error: {code: "too-few-cells"}});
  const canceled = clusters.table();
  clusters.cancel();
  await expect(canceled).rejects.toMatchObject({name: "AbortError"});
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(seen.at(-1)).toMatchObject({state: "canceled", error: null});
  const done = clusters.table();
  open[2].answer();
  await done;
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(seen.at(-1)).toMatchObject({state: "done"});
  stop.abort();
  await watching;
});

test("an answer waits until its stage's table is there; a watch whose wish was withdrawn before ends", async () => {
  const clusters = cluster(embeddings);
  const now = async () => {
    for await (const {state} of clusters.watch()) return state;
    return "none";
  };
  expect(await now()).toBe("idle");
  const table = clusters.table();
  expect(await now()).toBe("waiting");
  open[0].options.onBegin();
  expect(await now()).toBe("running");
  open[0].answer();
  await table;
  expect(await now()).toBe("done");
  const withdrawn = {signal: AbortSignal.abort()};
  const seen: string[] = [];
  for await (const {state} of clusters.watch(withdrawn)) seen.push(state);
  expect(seen).toEqual(["done"]);
  // One that waits is ended as one that runs.
  const other = cluster(embeddings, {seed: 3});
  const canceled = other.table();
  other.cancel();
  await expect(canceled).rejects.toMatchObject({name: "AbortError"});
});
