import {WorkbookError} from "../errors.js";

/** Sentences of one length, at most the batch size of them, in the order in which they came. */
export interface Batch<Item> {
  length: number;
  items: Item[];
}

/** Collects sentences into equal-length batches (no padding, no mask: exact). */
export interface Batcher<Item> {
  /** Takes one sentence; returns the batch that it completed, if any. */
  push(item: Item, length: number): Batch<Item> | null;
  /** What is left, shortest sentences first; the batcher is empty afterwards. */
  flush(): Batch<Item>[];
  /** Changes the batch size from the next push on (which may be larger or smaller than what waits). */
  resize(batch: number): void;
  /** Sentences that wait: fewer than the batch size for each length seen. */
  readonly pending: number;
}

/** A batcher of `batch` sentences; who shares a batch depends on the sentences' order and lengths and on `batch` only. */
export function createBatcher<Item>(batch: number): Batcher<Item> {
  let size = checked(batch);
  const waiting = new Map<number, Item[]>();
  return {
    push(item, length) {
      const items = waiting.get(length);
      if (items === undefined) waiting.set(length, [item]);
      else items.push(item);
      const all = items ?? [item];
      if (all.length < size) return null;
      waiting.delete(length);
      return {length, items: all};
    },
    flush() {
      const rest = Array.from(waiting, ([length, items]) => ({length, items}));
      waiting.clear();
      return rest.sort((a, b) => a.length - b.length);
    },
    resize(batch) {
      size = checked(batch);
    },
    get pending() {
      let sum = 0;
      for (const items of waiting.values()) sum += items.length;
      return sum;
    }
  };
}

function checked(batch: number): number {
  if (Number.isInteger(batch) && batch >= 1) return batch;
  throw new WorkbookError({
    domain: "usage",
    code: "bad-batch",
    fault: `a batch of ${batch} sentences is not possible`,
    remedy: "give a whole number of at least 1"
  });
}
