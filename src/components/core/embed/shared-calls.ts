import {isWorkbookError} from "../errors.js";

/** Calls that may be under way at once on one device, and share its buffers. */
export interface SharedCalls {
  /** Takes what the device said of a refused command or buffer: no call that is under way, or the next one if none is, can be trusted. */
  refuse(error: Error): void;
  /**
   * What `work` answers. Where a call has failed, those under way are waited for first. Rejects as `work` does, with what the device said if it refused something, and
   * with the signal's reason.
   */
  run<Answer>(work: () => Promise<Answer>, signal?: AbortSignal): Promise<Answer>;
}

/** Calls that share a device; once one has failed, `mend` is called when none is under way any more. A call that was stopped has not failed. */
export function sharedCalls(mend: () => void): SharedCalls {
  const underWay = new Set<Promise<unknown>>();
  let refused: Error | null = null;
  let failed = false;
  return {
    refuse(error) {
      refused ??= error;
    },
    async run(work, signal) {
      while ((failed || refused !== null) && underWay.size > 0) await Promise.allSettled(underWay);
      signal?.throwIfAborted();
      const call = work();
      underWay.add(call);
      try {
        const answer = await call;
        if (refused !== null) throw refused as Error;
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        failed = true;
        throw isWorkbookError(error) ? error : (refused ?? error);
      } finally {
        underWay.delete(call);
        if (underWay.size === 0) {
          if (failed) mend();
          [refused, failed] = [null, false];
        }
      }
    }
  };
}
