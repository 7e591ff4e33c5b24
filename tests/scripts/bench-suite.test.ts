import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import onnxProto from "onnx-proto";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {nodeThread} from "../../src/components/adapters/node-thread.js";
import {loadOnnxruntime} from "../../src/components/adapters/onnxruntime-node.js";
import type {BenchRow} from "../../src/components/core/bench/bench-run.js";
import {floatsOf} from "../../scripts/bench/floats-of.js";
import type {Job} from "../../scripts/bench/job.js";
import {modelFiles, readModel, type BenchModel} from "../../scripts/bench/model.js";
import {openOrt, type Ort} from "../../scripts/bench/open-ort.js";
import {openOwn} from "../../scripts/bench/open-own.js";
import {ourGraph} from "../../scripts/bench/our-graph.js";
import {benchPlan, referenceLengths} from "../../scripts/bench/plan.js";
import {prepareModel, prepareReference} from "../../scripts/bench/prepare.js";
import {runJob} from "../../scripts/bench/run-job.js";
import {threadProgram} from "../../src/components/runtime/thread-program.js";

const folder = mkdtempSync(join(tmpdir(), "bench-test-"));
let model: BenchModel;
beforeAll(async () => {
  model = prepareModel(folder, "quick");
  await prepareReference(folder, model, [48]);
});
afterAll(() => rmSync(folder, {recursive: true}));

const job = (facts: Partial<Job>): Job => ({
  ...{way: "onnxruntime", backend: "node-cpu", numbers: "float32", threads: 1, level: "all"},
  ...{shapes: [{batch: 1, length: 48}], compared: 48, budget: 0},
  ...facts
});

async function rowsOf(one: Job, spoil = false): Promise<BenchRow[]> {
  const ort = (await loadOnnxruntime()) as unknown as Ort;
  const rows: BenchRow[] = [];
  await runJob(one, {
    model,
    open: (which) =>
      which.way === "kernels"
        ? openOwn(model, which, () => nodeThread(threadProgram))
        : openOrt(ort, model, which, "cpu"),
    expected: async (length, weights) => {
      const vectors = floatsOf(join(folder, "model", `expected-${length}-${weights}.bin`));
      return spoil ? vectors.map((value) => -value) : vectors;
    },
    memory: () => null,
    tell: (row) => void rows.push(row)
  });
  return rows;
}

describe("the suite", () => {
  test("computes the same vectors from the wide input, unfused, as from the folded table, and with 8-bit blocks those of the blocks", async () => {
    for (const facts of [{}, {way: "seed"}, {numbers: "blocks8"}] as Partial<Job>[]) {
      const [row] = await rowsOf(job(facts));
      expect([row.note?.slice(0, 13) ?? null, row.check?.passed, row.check!.error! < 1e-4]).toEqual([
        facts.numbers === "blocks8" ? "compared with" : null,
        true,
        true
      ]);
      expect(row.ms!.n).toBeGreaterThan(1);
    }
  });

  test("computes them by our own functions on the processor, in threads", async () => {
    const rows = await rowsOf(job({way: "kernels", backend: "node-wasm", threads: 2, level: null}));
    expect(rows.map(({note, check}) => [note, check?.passed, check!.error! < 1e-4])).toEqual([[null, true, true]]);
  });

  test("widens float16 to float32 before the last LayerNorm, once, whatever the weights are", () => {
    for (const blocks of [false, true]) {
      const {graph} = onnxProto.onnx.ModelProto.decode(ourGraph(model, {half: true, blocks}).graph);
      const reader = graph!.node!.find(({input}) => input!.includes("widened"))!;
      expect(graph!.node!.filter(({opType}) => opType === "Cast").map(({output}) => output)).toEqual([["widened"]]);
      expect([reader.opType, reader.input!.slice(1)]).toEqual([
        "LayerNormalization",
        ["output.0.norm.weight", "output.0.norm.bias"]
      ]);
    }
  });

  test("shows a way whose vectors are off as failing, its time beside it: dynamic 8 bit, and a wrong reference", async () => {
    const [dynamic] = await rowsOf(job({way: "seed", numbers: "dynamic8"}));
    expect([dynamic.check!.passed, dynamic.check!.error! < 0.5, dynamic.ms !== null]).toEqual([false, true, true]);
    const [wrong] = await rowsOf(job({}), true);
    expect(wrong.check!.passed).toBe(false);
  });

  test("makes a row of what cannot be opened, and goes on with other shapes where one does not fit", async () => {
    const [unknown] = await rowsOf(job({level: "no such level" as never}));
    expect([unknown.ms, unknown.check, unknown.note!.length > 10]).toEqual([null, null, true]);
    const rows = await rowsOf(
      job({
        shapes: [
          {batch: 1, length: 48},
          {batch: 1, length: 5000},
          {batch: 2, length: 48}
        ]
      })
    );
    expect(rows.map(({ms}) => ms === null)).toEqual([false, true, false]);
  });

  test("has one model, whoever reads it", () => {
    const {index, parts} = modelFiles(model);
    const read = readModel(index, Uint8Array.from(Buffer.concat(parts)).buffer);
    expect([...read.tensors.keys()]).toEqual([...model.tensors.keys()]);
    expect(read.tensors.get("table")).toEqual(model.tensors.get("table"));
    expect({...read, tensors: null}).toEqual({...model, tensors: null});
  });
});

describe("the plan", () => {
  const options = {quick: false, cores: 16, gpu: "real", only: null, cells: 10_000} as const;

  test("has the issue's backends, numbers, batches, lengths, threads and levels", () => {
    const {node, browser, long, torch, stages} = benchPlan(options);
    const jobs = [...node, ...browser].flat();
    const all = <T>(of: (one: Job) => T[]) => [...new Set(jobs.flatMap(of))].map(String).sort();
    expect(all(({backend}) => [backend])).toEqual(["node-cpu", "node-wasm", "wasm", "webgpu"]);
    expect(all(({numbers}) => [numbers])).toEqual(["blocks8", "dynamic8", "float16", "float32", "matrix"]);
    expect(all(({threads}) => [threads])).toEqual(["1", "10", "4", "null"]);
    expect(all(({level}) => [level])).toEqual(["all", "basic", "disabled", "null"]);
    expect(all(({shapes}) => shapes.map(({length}) => length))).toEqual(["1072", "128", "2048"]);
    expect(all(({shapes}) => shapes.map(({batch}) => batch))).toEqual(["1", "10", "16", "2", "32", "4", "64", "8"]);
    expect([long?.cells, torch, stages]).toEqual([10_000, true, true]);
    expect(referenceLengths(benchPlan(options), false).sort()).toEqual([1072, 128]);
  });

  test("keeps to what is asked for and what there is", () => {
    const two = benchPlan({...options, cores: 2, gpu: "none", only: ["wasm"]});
    expect([two.node, two.long, two.torch, two.stages]).toEqual([[], null, false, false]);
    expect(two.browser.map(([{threads}]) => threads)).toEqual([1, 2]);
    const one = benchPlan({...options, cores: 1, only: ["node"]});
    expect(one.node.map(([{backend, threads}]) => [backend, threads])).toEqual([
      ["node-cpu", 1],
      ["node-wasm", 1]
    ]);
    const quick = benchPlan({...options, quick: true, gpu: "imitated", cells: 0});
    expect(
      Math.max(...[...quick.node, ...quick.browser].flat().flatMap(({shapes}) => shapes.map(({length}) => length)))
    ).toBe(96);
  });
});
