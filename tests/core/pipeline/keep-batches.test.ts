import {expect, it, vi} from "vitest";
import {memoryStore, type ObjectStore} from "../../../src/components/core/store/object-store.js";
import {bytes, run} from "./stored-run.js";

it("the last cell is told of before its vector is kept; batches that come while something is written are kept together, and the run ends when all is", async () => {
  const whole = await run(memoryStore(), {}, {}, {sentences: 0, atOnce: 3});
  const store = memoryStore();
  const log: string[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const slow: ObjectStore = {
    ...store,
    async write(name, content) {
      await gate;
      log.push(name);
      await store.write(name, content);
    }
  };
  // All calls take no time at all.
  const clock = vi.spyOn(performance, "now").mockReturnValue(0);
  const told = await run(
    slow,
    {},
    {
      until: "embed",
      onEvent(event) {
        if (event.type !== "progress" || event.stage !== "embed" || event.state !== "done") return;
        log.push("done");
        setTimeout(open, 5);
      }
    },
    {sentences: 0, atOnce: 3}
  );
  clock.mockRestore();
  expect(told.sentences).toBeGreaterThan(4);
  expect(log[0]).toBe("done");
  expect(log.filter((name) => name.includes("/part-"))).toHaveLength(1);
  const again = await run(store);
  expect(again).toMatchObject({kept: ["load", "normalize", "sample", "embed"], sentences: 0});
  expect(bytes(again, "embeddings")).toBe(bytes(whole, "embeddings"));
});

it.each([
  ["a quick device keeps what took long before it is told of, but for the last batch", 3, 600, 0],
  ["others keep each batch before it is told of", undefined, 0, 1]
])("%s", async (_, atOnce, msPerCall, last) => {
  const store = memoryStore();
  let written = 0;
  const slow: ObjectStore = {
    ...store,
    async write(name, content) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      await store.write(name, content);
      if (name.includes("/part-")) written += 1;
    }
  };
  const kept: number[] = [];
  const now = performance.now.bind(performance);
  let ahead = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + ahead);
  await run(
    slow,
    {},
    {until: "embed", onEvent: (event) => event.type === "batch" && kept.push(written)},
    {
      sentences: 0,
      atOnce,
      onCall: () => (ahead += msPerCall)
    }
  );
  clock.mockRestore();
  expect(kept.length).toBeGreaterThan(2);
  expect(kept).toEqual(kept.map((_, i) => Math.min(i + 1, kept.length - 1 + last)));
});

it("the model is opened while the file is looked over, once, and closed where that fails; where nothing is to be embedded it is not opened", async () => {
  const use = {sentences: 0, closed: 0};
  await expect(run(memoryStore(), {matrix: "layers/none"}, {}, use)).rejects.toThrow(/layers\/none/);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(use.closed).toBe(1);
  const store = memoryStore();
  await run(store, {}, {until: "embed"}, use);
  expect(use.closed).toBe(2);
  await run(store, {}, {}, use);
  await run(memoryStore(), {}, {until: "sample"}, use);
  expect(use.closed).toBe(2);
});
