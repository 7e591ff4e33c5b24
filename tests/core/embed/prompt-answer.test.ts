import {expect, it} from "vitest";
import {promptAnswer} from "../../../src/components/core/embed/prompt-answer.js";

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

it("asks while an answer is short, and then no more", async () => {
  let asked = 0;
  await promptAnswer(after(4), () => void ++asked);
  expect(asked).toBeGreaterThan(2);
  const short = asked;
  await after(3);
  expect(asked).toBe(short);
  const start = performance.now();
  let last = 0;
  await promptAnswer(after(60), () => void (last = performance.now()));
  expect(last - start).toBeLessThan(30);
});

it("rejects as the answer does", async () => {
  const answer = after(1).then(() => {
    throw new Error("lost");
  });
  await expect(promptAnswer(answer, () => {})).rejects.toThrow("lost");
});
