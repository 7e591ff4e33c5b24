import {expect, test} from "vitest";
import type {Encoder} from "../../../src/components/core/embed/encoder.js";
import {WorkbookError} from "../../../src/components/core/errors.js";
import {benchWay} from "../../../src/components/core/questions/bench-way.js";
import {benchWays} from "../../../src/components/core/questions/bench-ways.js";
import type {QuestionContext} from "../../../src/components/core/questions/context.js";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {openNodeModel} from "../../../src/components/runtime/node-model.js";

const model = await openNodeModel(undefined);
const precision = model.manifest.variants[0].precision;
const calls: number[] = [];

/** The model's own encoder, but vectors of timed calls are made up: what is tested is not how fast this machine is. */
async function quick(): Promise<Encoder> {
  const encoder = await openNodeEncoder(model, {precision, threads: 1});
  const embed: Encoder["embed"] = async (tokens, batch, length, signal) => {
    if (length !== 1072) return encoder.embed(tokens, batch, length, signal);
    calls.push(batch);
    await new Promise((resolve) => setTimeout(resolve, 30));
    return new Float32Array(batch * encoder.width);
  };
  return {...encoder, name: "wasm, 2 threads", backend: "wasm", embed};
}

const broken = new WorkbookError({
  ...{domain: "encoder", code: "self-test-failed", remedy: "choose another backend"},
  fault: "WebGPU computes wrong vectors (relative error 0.4, at most 0.05 is right)"
});
const context = {
  model,
  precision,
  encoderWays: async () => [
    {label: "WebGPU (Some GPU) with our kernels in float16", open: () => Promise.reject(broken)},
    {label: "the processor (wasm)", open: quick},
    {label: "the processor (wasm)", open: () => Promise.reject(broken)},
    {label: "the processor (onnxruntime's wasm)", open: () => Promise.reject(broken)}
  ]
} as unknown as QuestionContext;

test("the ways of this machine are told with the model", async () => {
  const {ways, model: facts} = await benchWays(context, {});
  expect(ways.length).toBe(4);
  expect(facts).toEqual({name: model.manifest.name, layers: 4, width: 128, heads: 4, trained: true});
});

test("a way is timed in growing batches, with its self-test and the parts of its cold start", async () => {
  const progress: number[] = [];
  const {rows, cold} = await benchWay(context, {way: 1}, {onProgress: (done) => progress.push(done)});
  expect(rows.map(({batch, length, ms, check}) => [batch, length, ms!.n >= 2, check!.passed])).toEqual(
    [1, 4, 16].map((batch) => [batch, 1072, true, true])
  );
  expect(rows[0]).toMatchObject({way: "kernels", backend: "wasm", numbers: "float32", threads: 2, level: null});
  expect(rows[0].cold).not.toBeNull();
  expect(cold.map(({name}) => name.split(",")[0].split(":")[0])).toEqual([
    "the model's files",
    "their checksums",
    "open",
    "first sentence",
    "second sentence"
  ]);
  expect(cold[0].bytes).toBeGreaterThan(1e6);
  expect(progress).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...new Set(calls)]).toEqual([1, 4, 16]);
});

test("a way that fails its self-test is a row that says so", async () => {
  const {rows} = await benchWay(context, {way: 0}, {});
  expect(rows).toMatchObject([{way: "kernels", backend: "webgpu", numbers: "float16", ms: null, check: null}]);
  expect(rows[0].note).toContain("computes wrong vectors");
  const wayOf = async (way: number) => (await benchWay(context, {way}, {})).rows.map((row) => [row.way, row.backend]);
  expect([await wayOf(2), await wayOf(3)]).toEqual([[["kernels", "wasm"]], [["onnxruntime", "wasm"]]]);
});

test("Cancel is heard between two calls", async () => {
  const stop = new AbortController();
  const answer = benchWay(context, {way: 1}, {signal: stop.signal, onProgress: (done) => done === 2 && stop.abort()});
  await expect(answer).rejects.toMatchObject({name: "AbortError"});
});
