import {describe, expect, test} from "vitest";
import {toldUntilOver} from "../../src/components/runtime/browser/told-until-over.js";

describe("what is told on the way to an answer", () => {
  test("is heard until the answer is there, and not after it", async () => {
    const heard: number[] = [];
    let late = (_: number): void => {};
    const answer = await toldUntilOver(
      (share: number) => void heard.push(share),
      (tell) => {
        late = tell;
        tell(0.5);
        return Promise.resolve("answer");
      }
    );
    late(1);
    expect(answer).toBe("answer");
    expect(heard).toEqual([0.5]);
  });

  test("is not heard after a refusal either, which is passed on", async () => {
    const heard: number[] = [];
    let late = (_: number): void => {};
    const refused = toldUntilOver(
      (share: number) => void heard.push(share),
      (tell) => {
        late = tell;
        return Promise.reject<string>(new Error("refused"));
      }
    );
    await expect(refused).rejects.toThrow("refused");
    late(1);
    expect(heard).toEqual([]);
  });
});
