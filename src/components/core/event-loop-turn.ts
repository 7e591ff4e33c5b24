/** Resolves after a turn of the event loop, without the four milliseconds that a browser adds to timers which follow each other. */
export async function eventLoopTurn(): Promise<void> {
  const {port1, port2} = new MessageChannel();
  await new Promise((resolve) => {
    port2.onmessage = resolve;
    port1.postMessage(null);
  });
  port1.close();
}
