/** What one side pushes and the other reads, the newest value only: a reader that is slow misses what lies between. */
export interface Channel<Value> {
  push(value: Value): void;
  end(): void;
  fail(error: unknown): void;
  /** Values as they come, until the end; throws what `fail` was given. */
  values(): AsyncGenerator<Value, void>;
}

/** An empty channel; it ends with the signal, and at once where that is aborted already. */
export function createChannel<Value>(signal?: AbortSignal): Channel<Value> {
  let newest: {value: Value} | null = null;
  let over = false;
  let fault: {error: unknown} | null = null;
  let wake = () => {};
  const end = () => {
    over = true;
    wake();
  };
  if (signal?.aborted === true) end();
  else signal?.addEventListener("abort", end, {once: true});
  return {
    push(value) {
      newest = {value};
      wake();
    },
    end,
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
