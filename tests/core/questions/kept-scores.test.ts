import {expect, test} from "vitest";
import type {QuestionContext} from "../../../src/components/core/questions/context.js";
import {keptScores, type ScoreFigures} from "../../../src/components/core/questions/kept-scores.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import {createResultStore, type ResultStore} from "../../../src/components/core/store/result-store.js";

const made: ScoreFigures = {
  column: "type",
  cells: 260,
  classes: 7,
  majority: 0.25,
  model: {accuracy: 0.9, accuracyError: 0.018, macroRecall: 0.8, macroRecallError: 0.03},
  components: {accuracy: 0.7, accuracyError: 0.02, macroRecall: 0.6, macroRecallError: 0.04}
};

const contextOf = (store: ResultStore, vectorsKey = "a") =>
  ({results: async () => ({store, vectorsKey})}) as unknown as QuestionContext;
const never = () => Promise.reject(new Error("made again"));

test("scores that are kept are found as they were; another column and other vectors have their own", async () => {
  const store = createResultStore(memoryStore());
  expect(await keptScores(contextOf(store), "type", async () => made)).toEqual(made);
  expect(await keptScores(contextOf(store), "type", never)).toEqual(made);
  await expect(keptScores(contextOf(store), "donor", never)).rejects.toThrow("made again");
  await expect(keptScores(contextOf(store, "b"), "type", never)).rejects.toThrow("made again");
});

test("that a column is no labeling is not kept, and where nothing can be stored scores are made all the same", async () => {
  const store = createResultStore(memoryStore());
  expect(await keptScores(contextOf(store), "type", async () => null)).toBeNull();
  expect(await keptScores(contextOf(store), "type", async () => made)).toEqual(made);
  const refuse = () => Promise.reject(new DOMException("denied", "SecurityError"));
  const denied = {...store, read: refuse, write: refuse};
  expect(await keptScores(contextOf(denied), "type", async () => made)).toEqual(made);
});
