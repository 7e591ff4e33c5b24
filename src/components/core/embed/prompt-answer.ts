import {eventLoopTurn} from "../event-loop-turn.js";

/** Milliseconds between two questions whether work is done, and after which a call is no longer asked for. */
const [askEvery, askFor] = [0.1, 8];

/**
 * A device's answer to a short call as soon as it is there. Chromium looks every one or two milliseconds whether a GPU is done, which is longer than a cell takes;
 * whoever asks (`ask`, which must not throw) makes it look: 2.3 ms in place of 3.1 for a cell (docs/performance.md). Long calls are left to it. Rejects as the answer does.
 */
export async function promptAnswer(answer: Promise<unknown>, ask: () => void): Promise<void> {
  let waiting = true;
  const over = () => void (waiting = false);
  answer.then(over, over);
  const start = performance.now();
  for (let asked = start, now = start; waiting && now - start < askFor; now = performance.now()) {
    if (now - asked >= askEvery) {
      asked = now;
      ask();
    }
    await eventLoopTurn();
  }
  await answer;
}
