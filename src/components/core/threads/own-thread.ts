import type {ThreadPort, ThreadSetup} from "./messages.js";
import {serveThread, type Compute} from "./serve-thread.js";

/**
 * A thread that is none: it computes in the caller's own, for where no other starts. The caller hears nothing while it computes but at the chances that `serveThread`
 * takes. `open` is `serveThread`'s.
 */
export function ownThread(open?: (setup: ThreadSetup) => Compute): ThreadPort {
  let hear: Parameters<ThreadPort["listen"]>[0] = () => {};
  const tell = serveThread((message) => hear(message), open);
  return {
    post: (message) => void Promise.resolve().then(() => tell(message)),
    listen: (listener) => void (hear = listener),
    end: () => void (hear = () => {})
  };
}
