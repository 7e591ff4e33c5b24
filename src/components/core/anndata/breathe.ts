/** Lets other work (a cancel message) run in between. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}
