/** Milliseconds between two questions whether work is done, and after which a call is no longer asked for. */
const [askEvery, askFor] = [0.1, 8];

/**
 * The answer of a short call as soon as it is there. Chromium looks every one or two milliseconds whether a GPU is done, which is longer than a cell takes; whoever
 * asks makes it look: a cell alone takes 2.3 ms in place of 3.1 (docs/performance.md). Long calls are left to it. Rejects as the answer does.
 */
export async function promptAnswer(answer: Promise<unknown>, queue: GPUQueue): Promise<void> {
  let waiting = true;
  const over = () => void (waiting = false);
  answer.then(over, over);
  const {port1, port2} = new MessageChannel();
  const start = performance.now();
  for (let asked = start, now = start; waiting && now - start < askFor; now = performance.now()) {
    if (now - asked >= askEvery) {
      asked = now;
      queue.onSubmittedWorkDone().catch(() => {});
    }
    await new Promise((resolve) => {
      port2.onmessage = resolve;
      port1.postMessage(null);
    });
  }
  port1.close();
  await answer;
}
