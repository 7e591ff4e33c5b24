/** What is chosen of things that can be removed, by hash; null is the one that is always there. */
interface Choice {
  readonly value: string | null | undefined;
  take(hash: string | null): void;
}

/** Milliseconds in which a page's cells follow a choice. */
const cellsFollow = 100;

/**
 * Removes what may be chosen (`remove`). What is chosen gives way to null first, and cells that still open it are replaced, since they would be told that its files are
 * gone. Rejects as `remove` does, and the choice is as it was then.
 */
export async function removeInUse(
  hash: string,
  choice: Choice,
  remove: (hash: string) => Promise<void>
): Promise<void> {
  if (choice.value !== hash) return remove(hash);
  choice.take(null);
  await new Promise((resolve) => void setTimeout(resolve, cellsFollow));
  try {
    await remove(hash);
  } catch (error) {
    choice.take(hash);
    throw error;
  }
}
