import {WorkbookError} from "../errors.js";
import {checkRange} from "./check-range.js";
import {mayRedirect} from "./may-redirect.js";
import type {RemoteFaults} from "./remote-faults.js";
import type {RemoteFile} from "./remote-file.js";
import {backoff} from "./retry.js";
import type {Patience} from "./retry.js";
import type {WaitedAnswer, WaitingRequest} from "./sync-request.js";

/** What a waiting reader is made with. */
export interface WaitingDeps {
  request: WaitingRequest;
  /** Waits so many milliseconds without giving the event loop a turn. */
  sleep(milliseconds: number): void;
  patience: Omit<Patience, "wait">;
  faults: RemoteFaults;
}

/** Most redirects that are followed for one request. */
const mostRedirects = 5;
/** A host may ask for a minute (`backoff`); whoever waits without hearing of a cancel waits no longer than this. */
const longestSleep = 10_000;

/**
 * Reads ranges of a file that `openRemoteFile` has opened at `address`, waiting for each, for libraries that read synchronously. Retries, checks
 * and faults are those of `openRemoteFile`. The host that answered first is asked at once; where it stops to, the address is asked anew.
 */
export function waitingReader(
  {byteLength, version, answered}: Pick<RemoteFile, "byteLength" | "version" | "answered">,
  address: string,
  {request, sleep, patience, faults}: WaitingDeps
): (start: number, end: number) => Uint8Array<ArrayBuffer> {
  const from = new URL(address);
  let place = answered;

  /** An answer, after redirects. */
  function ask(start: number, end: number): WaitedAnswer {
    for (let step = 0; ; ++step) {
      const answer = request(place, start, end, patience.stall);
      const next = answer.status >= 300 && answer.status < 400 ? answer.header("location") : null;
      const to = new URL(next ?? answer.address, place);
      if (!mayRedirect(from, to)) throw redirected(from, to);
      if (next !== null && step < mostRedirects) {
        place = to.href;
        continue;
      }
      const isGone = [401, 403, 404, 410].includes(answer.status);
      if (!isGone || place === address || step >= mostRedirects) return answer;
      // A signed address runs out.
      place = address;
    }
  }

  function check(answer: WaitedAnswer, at: number, end: number): void {
    const {status} = answer;
    if (status === 401 || status === 403) throw faults.refused(address, status);
    if (status === 404 || status === 410) throw faults.changed(address, "length", byteLength, null);
    if (status === 200) throw faults.noRanges(answer);
    if (status !== 206) throw faults.unexpected(address, status);
    checkRange(answer, {at, end, address, known: {byteLength, version}, faults});
    if (answer.bytes.length > end - at) throw faults.tooMuch(address, `${at} to ${end - 1}`);
  }

  return (start, end) => {
    const bytes = new Uint8Array(end - start);
    let at = start;
    for (let failed = 0; at < end;) {
      const answer = ask(at, end);
      const {status} = answer;
      const isBusy = status === 408 || status === 425 || status === 429 || status >= 500;
      if (status !== 0 && !isBusy) {
        check(answer, at, end);
        bytes.set(answer.bytes, at - start);
        at += answer.bytes.length;
        if (answer.bytes.length > 0) failed = 0;
      }
      if (at >= end) break;
      if (++failed >= patience.attempts) {
        if (isBusy) throw faults.busy(address, status, failed);
        throw faults.dropped(address, at, failed, answer.fault);
      }
      sleep(Math.min(longestSleep, backoff(patience, failed, answer.header("retry-after"))));
    }
    return bytes;
  };
}

function redirected(from: URL, to: URL): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "redirected",
    fault: `${from.host} hands the file ${from.pathname} over to another host, ${to.host}`,
    remedy: `if you trust ${to.host}, give the file's address there`
  });
}
