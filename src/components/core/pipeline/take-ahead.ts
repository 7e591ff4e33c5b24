import {eventLoopTurn} from "../event-loop-turn.js";

/** Milliseconds of work after which the event loop gets a turn. */
const turnEvery = 8;

/**
 * The same items in the same order, taken from their source before they are asked for, at most `most` of them, so that making them and using them overlap where
 * the user waits for something else (a device, a store). What the source throws is thrown after the items before it. `begun` settles when the first item is
 * there, and never rejects. Whoever stops early ends the source too; who never begins calls `stop`.
 */
export function takeAhead<Item>(
  items: AsyncIterable<Item>,
  most: number
): AsyncIterable<Item> & {begun: Promise<unknown>; stop(): void} {
  const iterator = items[Symbol.asyncIterator]();
  const waiting: Item[] = [];
  let [over, stopped] = [false, false];
  let wake = () => {};
  const woken = () => new Promise<void>((resolve) => (wake = resolve));

  async function fill(first: Promise<IteratorResult<Item>>): Promise<void> {
    let turn = performance.now();
    for (let next = await first; !next.done; next = await iterator.next()) {
      waiting.push(next.value);
      wake();
      while (waiting.length >= most && !stopped) await woken();
      if (stopped) return;
      if (performance.now() - turn < turnEvery) continue;
      await eventLoopTurn();
      turn = performance.now();
    }
  }

  const first = iterator.next();
  const filled = fill(first).finally(() => {
    over = true;
    wake();
  });
  filled.catch(() => {});
  const end = () => {
    stopped = true;
    wake();
    return iterator.return?.();
  };
  return {
    begun: first.catch(() => {}),
    stop: () => void end()?.catch(() => {}),
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          while (waiting.length === 0 && !over) await woken();
          if (waiting.length === 0) break;
          yield waiting.shift()!;
          wake();
        }
        await filled;
      } finally {
        await end();
      }
    }
  };
}
