/** What one side pushes and the other reads, the newest value only: a reader that is slow misses what lies between. */
export interface Channel<Value> {
  push(value: Value): void;
  end(): void;
  fail(error: unknown): void;
  /** Values as they come, until the end; throws what `fail` was given. */
  values(): AsyncGenerator<Value, void>;
}

/** An empty channel. */
export function createChannel<Value>(): Channel<Value> {
  let newest: {value: Value} | null = null;
  let over = false;
  let fault: {error: unknown} | null = null;
  let wake = () => {};
  return {
    push(value) {
      newest = {value};
      wake();
    },
    end() {
      over = true;
      wake();
    },
    fail(error) {
      fault = {error};
      wake();
    },
    async *values() {
      for (;;) {
        if (fault !== null) throw fault.error;
        if (newest !== null) {
          const {value} = newest;
          newest = null;
          yield value;
        } else if (over) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  };
}
