import {expect, test} from "vitest";
import {sharedCalls} from "../../../src/components/core/embed/shared-calls.js";

/** A call that answers when it is told to. */
function open<Answer>() {
  let [answer, fail] = [(_: Answer) => {}, (_: Error) => {}];
  const call = new Promise<Answer>((resolve, reject) => ([answer, fail] = [resolve, reject]));
  return {work: () => call, answer, fail};
}

test("what a device refuses makes every call under way fail, and the device is mended once, when none is left", async () => {
  let mended = 0;
  const calls = sharedCalls(() => ++mended);
  const [first, second] = [open<string>(), open<string>()];
  const both = [calls.run(first.work), calls.run(second.work)];
  calls.refuse(new Error("out of memory"));
  first.answer("old numbers");
  await expect(both[0]).rejects.toThrow("out of memory");
  expect(mended).toBe(0);
  // The next call waits for the one that still goes on.
  let begun = false;
  const third = calls.run(async () => ((begun = true), "new"));
  await Promise.resolve();
  expect(begun).toBe(false);
  second.answer("old numbers");
  await expect(both[1]).rejects.toThrow("out of memory");
  expect([await third, mended]).toEqual(["new", 1]);
  expect(await calls.run(async () => "after")).toBe("after");
});

test("of two calls one may fail and the other stand; one that is stopped has not failed", async () => {
  let mended = 0;
  const calls = sharedCalls(() => ++mended);
  const [first, second] = [open<string>(), open<string>()];
  const both = [calls.run(first.work), calls.run(second.work)];
  first.fail(new Error("no"));
  await expect(both[0]).rejects.toThrow("no");
  second.answer("yes");
  expect([await both[1], mended]).toEqual(["yes", 1]);
  const stop = new AbortController();
  const third = open<string>();
  const stopped = calls.run(third.work, stop.signal);
  stop.abort();
  third.fail(new Error("unmapped"));
  await expect(stopped).rejects.toMatchObject({name: "AbortError"});
  expect(mended).toBe(1);
  await expect(calls.run(async () => "never", stop.signal)).rejects.toMatchObject({name: "AbortError"});
});
