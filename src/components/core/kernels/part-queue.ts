/**
 * Parts of calls that a device computes in their order, each in one of a number of slots (its buffers). Calls hand their parts over one after the other; a part that fails
 * gives its slot back as one that is done.
 */
export class PartQueue {
  readonly #slots: number;
  /** Parts under way, the oldest first. */
  readonly #running = new Set<Promise<unknown>>();
  #parts = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** A queue over so many slots. */
  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Does `work`, which hands a call's parts over, once the calls before it have handed over theirs. Rejects as `work` does. */
  inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Waits until fewer than `ahead` parts (at most the slots) are under way; the slot of the next one, and whether nothing is under way then. */
  async room(ahead: number): Promise<{slot: number; idle: boolean}> {
    while (this.#running.size >= Math.min(ahead, this.#slots)) await this.#running.values().next().value;
    return {slot: this.#parts++ % this.#slots, idle: this.#running.size === 0};
  }

  /** Takes a part that the device has begun. */
  add(part: Promise<unknown>): void {
    const over: Promise<unknown> = part.catch(() => {}).then(() => this.#running.delete(over));
    this.#running.add(over);
  }

  /** Waits until nothing is under way. */
  async drained(): Promise<void> {
    await Promise.all(this.#running);
  }
}
