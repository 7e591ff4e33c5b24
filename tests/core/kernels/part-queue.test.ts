import {expect, test} from "vitest";
import {PartQueue} from "../../../src/components/core/kernels/part-queue.js";

/** Parts that end when they are told to. */
function parts(count: number) {
  const ends: (() => void)[] = [];
  const fails: ((error: Error) => void)[] = [];
  const all = Array.from(
    {length: count},
    () => new Promise<void>((resolve, reject) => (ends.push(resolve), fails.push(reject)))
  );
  return {all, ends, fails};
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 0));

test("parts take the slots by turns, and wait for the oldest where as many are under way as are wanted", async () => {
  const queue = new PartQueue(3);
  const {all, ends} = parts(4);
  expect(await queue.room(2)).toEqual({slot: 0, idle: true});
  queue.add(all[0]);
  expect(await queue.room(2)).toEqual({slot: 1, idle: false});
  queue.add(all[1]);
  let third: {slot: number; idle: boolean} | null = null;
  void queue.room(2).then((room) => (third = room));
  await soon();
  expect(third).toBeNull();
  ends[0]();
  await soon();
  expect(third).toEqual({slot: 2, idle: false});
  queue.add(all[2]);
  ends[1]();
  ends[2]();
  await queue.drained();
  expect(await queue.room(1)).toEqual({slot: 0, idle: true});
});

test("no more parts are under way than there are slots; one that fails gives its slot back", async () => {
  const queue = new PartQueue(1);
  const {all, fails} = parts(1);
  await queue.room(8);
  queue.add(all[0]);
  const next = queue.room(8);
  fails[0](new Error("lost"));
  expect(await next).toEqual({slot: 0, idle: true});
  await expect(all[0]).rejects.toThrow("lost");
});

test("calls hand their parts over one after the other, also after one that fails", async () => {
  const queue = new PartQueue(2);
  const log: string[] = [];
  const call = (name: string, fails = false) =>
    queue.inTurn(async () => {
      log.push(`${name} begins`);
      await soon();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  const all = await Promise.allSettled([call("a", true), call("b")]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  expect(all.map(({status}) => status)).toEqual(["rejected", "fulfilled"]);
});
