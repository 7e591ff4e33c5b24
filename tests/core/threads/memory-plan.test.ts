import {expect, test} from "vitest";
import {memoryPlan} from "../../../src/components/core/threads/memory-plan.js";

const page = 65_536;
const sizes = {weights: 64_000, activations: 10_001, threads: 3};

test("threads that share a memory lie behind the weights, the spare one last, none in another's place", () => {
  const plan = memoryPlan({...sizes, shared: true})!;
  const at = [0, 1, 2, 3].map((slot) => plan.at(slot));
  expect(at).toEqual([64_000, 74_048, 84_096, 94_144]);
  expect([plan.threads, plan.pages, plan.bytes]).toEqual([3, 2, 2 * page]);
  expect(at[3] + sizes.activations).toBeLessThanOrEqual(plan.bytes);
});

test("threads with a memory each have a copy of the weights, and so has the spare one", () => {
  const plan = memoryPlan({...sizes, shared: false})!;
  expect([0, 3].map((slot) => plan.at(slot))).toEqual([64_000, 64_000]);
  expect([plan.threads, plan.pages, plan.bytes]).toEqual([3, 2, 4 * 2 * page]);
});

test("there are fewer threads where that many do not fit, and none where not even one does", () => {
  const threads = (most: number, shared = false) => memoryPlan({...sizes, shared}, most)?.threads ?? null;
  expect([8, 7, 6, 5, 4, 3].map((pages) => threads(pages * page))).toEqual([3, 2, 2, 1, 1, null]);
  expect([2, 1].map((pages) => threads(pages * page, true))).toEqual([3, null]);
});

test("the published sizes fit, 33 layers of the original UCE do not", () => {
  const of = (weights: number, shared: boolean) =>
    memoryPlan({weights, activations: 30e6, threads: 8, shared})?.threads;
  expect([of(106e6, true), of(106e6, false), of(346e6, true), of(346e6, false)]).toEqual([8, 8, 8, 4]);
  expect([of(2_629e6, true), of(2_629e6, false)]).toEqual([undefined, undefined]);
});
