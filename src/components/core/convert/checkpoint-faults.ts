import {WorkbookError} from "../errors.js";
import type {RemoteFaults} from "../remote/remote-faults.js";

/** What a conversion throws where a host does not behave; all of domain "checkpoint". */
export const checkpointFaults: RemoteFaults = {
  dropped: (address: string, at: number, attempts: number, cause?: unknown) =>
    fault(
      "dropped",
      `${address}: the connection dropped at byte ${at}, ${attempts} times in a row`,
      "check the connection and run the same again",
      cause
    ),
  busy: (address: string, status: number, attempts: number) =>
    fault("busy", `${address}: the host answered ${status}, ${attempts} times in a row`, "try again later"),
  refused: (address: string, status: number) =>
    fault(
      "refused",
      `${address}: the host does not give this to everybody (it answered ${status})`,
      "check the address; for a checkpoint behind a sign-in, download it and give the folder"
    ),
  unexpected: (address: string, status: number) =>
    fault("unexpected-answer", `${address}: the host answered ${status}`, "check the address"),
  noRanges: ({address}) =>
    fault(
      "no-ranges",
      `${address}: the host ignores ranges and would send the whole file`,
      "download the checkpoint and give the folder, or a host that serves ranges"
    ),
  wrongRange: (address: string, asked: string, given: string | null) =>
    fault(
      "wrong-range",
      `${address}: the host was asked for bytes ${asked} and says it sends ${given ?? "no range"}`,
      given === null
        ? "download the checkpoint and give the folder; a host for browsers has to expose the headers Content-Range and ETag"
        : "download the checkpoint and give the folder"
    ),
  tooMuch: (address: string, asked: string) =>
    fault(
      "wrong-range",
      `${address}: the host sends more than the bytes ${asked} that it was asked for`,
      "download the checkpoint and give the folder"
    ),
  changed: (address: string, what: string, before: string | number, now: string | number | null) =>
    fault(
      "changed",
      `${address} changed while it was read: its ${what} was ${before} and is ${now ?? "gone"}`,
      "run the same again, or name a revision"
    ),
  tooLarge: (address: string, most: number) =>
    fault("too-large", `${address} is larger than ${most} bytes, too large for what it is to be`, "check the address")
};

function fault(code: string, text: string, remedy: string, cause?: unknown): WorkbookError {
  return new WorkbookError({domain: "checkpoint", code, fault: text, remedy}, {cause});
}
