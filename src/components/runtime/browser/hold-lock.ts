/** Takes a Web Lock and keeps it until this worker ends, so that its end can be noticed (`inWorker`). */
export async function holdLock(name: string): Promise<void> {
  if (!("locks" in navigator)) return;
  await new Promise<void>((held) => {
    void navigator.locks.request(name, () => (held(), new Promise<void>(() => {})));
  });
}
