import {afterEach, describe, expect, test} from "vitest";
import type {
  FromThread,
  StartThread,
  ThreadPort,
  ThreadSetup,
  ToThread
} from "../../../src/components/core/threads/messages.js";
import {ownThread} from "../../../src/components/core/threads/own-thread.js";
import type {Compute} from "../../../src/components/core/threads/serve-thread.js";
import {ThreadPool} from "../../../src/components/core/threads/thread-pool.js";

/** What threads of these tests compute: twice the numbers; of -1 nothing. */
const doubles: Compute = function* (input) {
  yield;
  if (input[0] === -1) throw new Error("unreachable");
  return input.map((value) => 2 * value);
};
const setup = {kind: "setup", model: {}, contents: null} as unknown as ThreadSetup;

const numbers = (first: number) => () => Float32Array.of(first, first + 1, first + 2, first + 3);
const doubled = (first: number) => [0, 1, 2, 3].map((i) => (first + i) * 2);

/** How a thread behaves: as it should, or it says nothing from its nth message on, or ends at it. */
type Manner = "well" | {silent: number} | {dies: number};

let ended = 0;
let told: ToThread["kind"][] = [];
function threads(...manners: (Manner | "none")[]): StartThread {
  let next = 0;
  return () => {
    const manner = manners[next++] ?? "well";
    if (manner === "none") throw new Error("no threads here");
    const port = ownThread(() => doubles);
    let heard = 0;
    let gone = (_: string): void => {};
    return {
      post(message, transfer) {
        told.push(message.kind);
        heard += 1;
        if (manner !== "well" && "dies" in manner && heard >= manner.dies)
          return void setTimeout(() => gone("it died"));
        if (manner !== "well" && "silent" in manner && heard >= manner.silent) return;
        port.post(message, transfer);
      },
      listen(hear: (message: FromThread) => void, end) {
        gone = end;
        port.listen(hear, end);
      },
      end() {
        ended += 1;
        void port.end();
      }
    } satisfies ThreadPort;
  };
}

const open: ThreadPool[] = [];
function poolOf(count: number, start: StartThread, spare: StartThread = threads()): ThreadPool {
  const pool = new ThreadPool({count, start, spare, setup: () => setup, patience: {start: 600, work: 600}});
  open.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
  [ended, told] = [0, []];
});

/** What a pool makes of eight pieces of work. */
const eight = async (pool: ThreadPool) =>
  (await Promise.all(Array.from({length: 8}, (_, i) => pool.run(numbers(i))))).map((output) => [...output]);
const right = Array.from({length: 8}, (_, i) => doubled(i));

describe("threads", () => {
  test("take work as they become idle, and give the same whatever their number", async () => {
    for (const count of [1, 2, 5]) {
      const pool = poolOf(count, threads());
      expect(await eight(pool)).toEqual(right);
      expect(pool.size).toBe(count);
    }
  });

  test.each<[string, number, (Manner | "none")[]]>([
    ["one cannot be started", 1, ["none"]],
    ["one never says that it is there", 1, [{silent: 1}]],
    ["one dies before it is there", 1, [{dies: 1}]],
    ["one dies over its work", 1, ["well", {dies: 3}]],
    ["one falls silent over its work", 1, [{silent: 2}]],
    ["all die one after another", 1, [{dies: 2}, {dies: 4}]],
    ["none can be started", 1, ["none", "none"]]
  ])("%s: the rest go on, the caller's own in the end, and no work is lost", async (_, size, manners) => {
    const pool = poolOf(2, threads(...manners));
    expect(await eight(pool)).toEqual(right);
    await expect.poll(() => pool.size).toBe(size);
    expect(await eight(pool)).toEqual(right);
  });

  test("that all fail, the caller's own too, reject with the reason, and so does what comes later", async () => {
    const pool = poolOf(2, threads({dies: 1}, {dies: 1}), threads({dies: 1}));
    await expect(pool.started()).rejects.toThrow("it died");
    await expect(pool.run(numbers(0))).rejects.toThrow("the threads were ended");
    const without = poolOf(1, threads("none"), threads("none"));
    await expect(without.started()).rejects.toThrow("none could be started");
  });

  test("give up work that takes two of them with it, and reject what fails at once", async () => {
    const deadly = poolOf(3, threads({dies: 2}, {dies: 2}, "well"));
    await expect(deadly.run(numbers(0))).rejects.toThrow("it died");
    const pool = poolOf(1, threads());
    await expect(pool.run(numbers(-1))).rejects.toThrow("unreachable");
    expect([...(await pool.run(numbers(5)))]).toEqual(doubled(5));
  });

  test("hear at once that work is not wanted, and are told so; what waits is not begun", async () => {
    const pool = poolOf(1, threads({silent: 2}));
    await pool.started();
    const stop = new AbortController();
    const work = [pool.run(numbers(0), stop.signal), pool.run(numbers(1), stop.signal)];
    await Promise.resolve();
    stop.abort(new Error("canceled"));
    for (const one of work) await expect(one).rejects.toThrow("canceled");
    expect(told).toEqual(["setup", "work", "cancel"]);
    await expect(pool.run(numbers(0), stop.signal)).rejects.toThrow("canceled");
  });

  test("that are closed are ended, and reject what was under way", async () => {
    const pool = poolOf(2, threads({silent: 2}, {silent: 2}));
    await pool.started();
    const work = [0, 1, 2].map((i) => pool.run(numbers(i)));
    await pool.close();
    for (const one of work) await expect(one).rejects.toThrow("the threads were ended");
    expect(ended).toBe(2);
  });
});

test("a thread that computes for long says so, stops at the next chance when it is told to, and does what comes after", async () => {
  let steps = 0;
  const slow: Compute = function* (input) {
    for (steps = 0; steps < 3; steps += 1) {
      for (const end = performance.now() + 260; performance.now() < end;);
      yield;
    }
    return input.map((value) => value);
  };
  const port = ownThread(() => slow);
  const said: FromThread[] = [];
  let answered = (): void => {};
  port.listen(
    (message) => {
      said.push(message);
      if (message.kind === "busy" && said.length === 2) port.post({kind: "cancel"}, []);
      if (message.kind !== "busy") answered();
    },
    () => {}
  );
  const answer = (message: ToThread) =>
    new Promise<void>((resolve) => {
      answered = resolve;
      port.post(message, []);
    });
  await answer(setup);
  await answer({kind: "work", input: Float32Array.of(1)});
  expect(said.map(({kind}) => kind)).toEqual(["ready", "busy", "done"]);
  expect([said.at(-1), steps]).toEqual([{kind: "done", output: null}, 0]);
  await answer({kind: "work", input: Float32Array.of(0)});
  expect([said.at(-1), steps]).toEqual([{kind: "done", output: Float32Array.of(0)}, 3]);
});
