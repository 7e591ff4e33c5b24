import type {WaitingRequest} from "../../core/remote/sync-request.js";

/**
 * Asks a host for a range and waits for it, as a worker may. No credentials go to another host. A browser follows redirects by itself; whoever asks
 * looks at who answered.
 */
export const waitingRequest: WaitingRequest = (address, start, end, stall) => {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  request.responseType = "arraybuffer";
  request.timeout = stall;
  request.setRequestHeader("range", `bytes=${start}-${end - 1}`);
  let fault: string | null = null;
  try {
    request.send();
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  const body: unknown = request.status === 206 ? request.response : null;
  return {
    status: fault === null ? request.status : 0,
    address: request.responseURL || address,
    header: (name) => request.getResponseHeader(name),
    bytes: body instanceof ArrayBuffer ? new Uint8Array(body) : new Uint8Array(0),
    fault
  };
};

/** Waits so many milliseconds, as a worker may where pages are isolated; elsewhere by looking at the clock. */
export function waitHere(milliseconds: number): void {
  if (typeof SharedArrayBuffer === "function") {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    return;
  }
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}
