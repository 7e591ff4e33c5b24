import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import type {BenchRow, BenchRun} from "../../../src/components/core/bench/bench-run.js";
import {fastestRow, isSound, timesSeed} from "../../../src/components/core/bench/compare-rows.js";
import {benchLimit, judgeVectors} from "../../../src/components/core/bench/judge-vectors.js";
import type {Published} from "../../../src/components/core/bench/published.js";
import {readBenchRun} from "../../../src/components/core/bench/read-bench-run.js";
import {rowWords} from "../../../src/components/core/bench/row-words.js";
import {spreadOf} from "../../../src/components/core/bench/spread-of.js";
import {timeCalls} from "../../../src/components/core/bench/time-calls.js";
import {createRandom} from "../../../src/components/core/random.js";

const committed = JSON.parse(readFileSync("src/data/bench.json", "utf8")) as {runs: BenchRun[]};

describe("times", () => {
  test("have count, median, least and largest", () => {
    expect(spreadOf([3, 1, 2])).toEqual({n: 3, median: 2, low: 1, high: 3});
    expect(spreadOf([4, 1, 2, 3])).toEqual({n: 4, median: 2.5, low: 1, high: 4});
  });

  test("are of a cell, after warming up, until budget or count are used up", async () => {
    let clock = 0;
    let calls = 0;
    const call = async () => {
      calls += 1;
      clock += 100;
    };
    const now = () => clock;
    expect(await timeCalls(call, 4, {warm: 250, most: 9, budget: 350, now})).toEqual({
      n: 4,
      median: 25,
      low: 25,
      high: 25
    });
    expect(calls).toBe(3 + 4);
    expect((await timeCalls(call, 1, {warm: 0, most: 2, budget: 1e9, now})).n).toBe(2);
    expect((await timeCalls(call, 1, {warm: 0, most: 9, budget: 0, least: 3, now})).n).toBe(3);
  });

  test("end with the signal's reason", async () => {
    const signal = AbortSignal.abort(new Error("canceled"));
    await expect(timeCalls(async () => {}, 1, {warm: 0, most: 2, budget: 1, signal})).rejects.toThrow("canceled");
  });
});

describe("vectors", () => {
  const {normal} = createRandom(1);
  const right = Float32Array.from({length: 8 * 16}, normal);
  const judged = (ours: Float32Array, limit: number) => judgeVectors(ours, right, {cells: 8, length: 96, limit});

  test("pass if they are the reference's, and fail if they are off, another cell's or no numbers", () => {
    expect(judged(right, 1e-3)).toMatchObject({error: 0, passed: true, cells: 8, length: 96});
    const off = right.map((value, i) => value + (i % 2 === 0 ? 0.01 : -0.01));
    expect(judged(off, 1e-3).passed).toBe(false);
    expect(judged(off, 2e-2).passed).toBe(true);
    expect(
      judged(
        Float32Array.from(right, (_, i) => right[(i + 16) % right.length]),
        2e-2
      ).passed
    ).toBe(false);
    expect(
      judged(
        right.map(() => NaN),
        2e-2
      )
    ).toMatchObject({error: null, passed: false});
  });

  test("that are all alike pass nothing: the control does not fail", () => {
    const alike = Float32Array.from({length: 8 * 16}, (_, i) => (i % 16) + 1e-9 * normal());
    expect(judgeVectors(alike, right, {cells: 8, length: 96, limit: 100}).passed).toBe(false);
  });

  test("are given as much error as their numbers need", () => {
    expect(benchLimit("float32", "node-cpu")).toBe(1e-3);
    expect(benchLimit("float32", "webgpu")).toBe(5e-3);
    expect(benchLimit("matrix", "webgpu")).toBe(2e-2);
    expect(benchLimit("blocks8", "wasm")).toBe(1e-3);
    expect(benchLimit("dynamic8", "node-cpu")).toBe(0.07);
  });
});

const row = (facts: Partial<BenchRow>): BenchRow => ({
  ...{way: "onnxruntime", backend: "wasm", numbers: "float32", batch: 1, length: 1072, threads: 4, level: "all"},
  ...{
    ms: spreadOf([10]),
    cold: null,
    check: {error: 1e-6, limit: 1e-3, control: 1.3, cells: 8, length: 96, passed: true}
  },
  ...{memory: null, note: null},
  ...facts
});
const runOf = (...rows: BenchRow[]): BenchRun => ({...committed.runs[0], rows});

describe("ratios", () => {
  const seed = row({way: "seed", ms: spreadOf([40])});

  test("are given like for like, and to rows that passed alone", () => {
    const ours = row({});
    const failing = row({ms: spreadOf([1]), check: {...ours.check!, passed: false}});
    const run = runOf(ours, seed, failing);
    expect(timesSeed(run, ours)).toBe(4);
    expect(timesSeed(run, seed)).toBeNull();
    expect([isSound(failing), timesSeed(run, failing)]).toEqual([false, null]);
    expect(fastestRow(run, () => true)).toBe(ours);
    for (const other of [{length: 128}, {threads: 1}, {backend: "webgpu" as const}]) {
      expect(timesSeed(run, row(other))).toBeNull();
    }
    expect(timesSeed(runOf(ours, {...seed, batch: 2}), ours)).toBeNull();
  });

  test("and rows have words", () => {
    expect(rowWords(row({}))).toBe("browser wasm, onnxruntime, float32, 4 threads");
    expect(rowWords(row({way: "seed", threads: 1, level: "disabled"}))).toBe(
      "browser wasm, the seed's way, float32, 1 thread, unoptimized"
    );
  });
});

describe("files", () => {
  test("of committed runs are read, and small", () => {
    expect(committed.runs.length).toBeGreaterThan(0);
    for (const run of committed.runs) expect(readBenchRun(JSON.stringify(run), "bench.json")).toEqual(run);
    expect(readFileSync("src/data/bench.json").byteLength).toBeLessThan(60_000);
  });

  test("of a graphics card show what issue 14 asks for: every row compared or told why, rate and memory of 10,000 cells flat", () => {
    const run = committed.runs.find(({long}) => long.length > 0)!;
    const unexplained = run.rows.filter(({ms, check, note}) => (ms === null || check === null) && note === null);
    expect(unexplained).toEqual([]);
    const [{cells, pieces}] = run.long;
    expect(cells).toBe(10_000);
    const memory = pieces.slice(1).map((piece) => piece.memory!);
    expect(Math.max(...memory) / Math.min(...memory)).toBeLessThan(1.1);
    expect(pieces.at(-1)!.ms / pieces[1].ms).toBeLessThan(1.1);
  });

  const damages: [name: string, change: (run: Record<string, any>) => void, says: string][] = [
    ["another format", (run) => (run.format = "x"), '/format to be "uce-workbook-bench"'],
    ["a newer version", (run) => (run.formatVersion = 2), "/formatVersion to be 1"],
    ["a time that is no number", (run) => (run.rows[0].ms.median = "fast"), "/rows/0/ms/median to be a number"],
    ["a backend that nobody knows", (run) => (run.rows[0].backend = "abacus"), "/rows/0/backend to be one of webgpu"],
    ["no machine", (run) => delete run.machine, "/machine to be an object"]
  ];

  test.each(damages)("with %s are refused, with the place", (_, change, says) => {
    const run = structuredClone(committed.runs[0]) as unknown as Record<string, any>;
    change(run);
    expect(() => readBenchRun(JSON.stringify(run), "mine.json")).toThrow(says);
  });

  test("that are no JSON are refused", () => {
    expect(() => readBenchRun("{", "mine.json")).toThrow("mine.json is not a run of the benchmark: it is no JSON");
  });
});

test("published figures have source, machine and all tables, with the numbers as they were published", () => {
  const {source, machine, tables} = JSON.parse(readFileSync("src/data/bench-published.json", "utf8")) as Published;
  expect([source, machine].every((text) => text.length > 10)).toBe(true);
  const values = Object.fromEntries(tables.map(({id, rows}) => [id, rows.map(({value}) => value)]));
  expect(values).toEqual({
    short: [215, 204, 201, 14, 143, 173, 145],
    mps: [110.7, 138.9, 215, null],
    phases: [215, 111, 327],
    backends: [215, 452, 349, 949, 1341, 1354, 1394],
    stages: [0.1, 0.2, 110.7],
    feasibility: [2900],
    sizes: [373, 100, 3300, 117, 33]
  });
});
