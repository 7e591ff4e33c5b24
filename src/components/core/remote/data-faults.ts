import {WorkbookError} from "../errors.js";
import type {RemoteFaults} from "./remote-faults.js";

const download = "download the file and open it from your disk";
/** What a host has to send, for whoever runs it. */
const rangesNeeded = "its host must honor the header Range (status 206, Accept-Ranges: bytes)";

/** What reading a file of cells by its address throws where the host does not behave; all of domain "file". */
export const dataFaults: RemoteFaults = {
  dropped: (address, at, attempts, cause) =>
    fault(
      "dropped",
      `${address}: the connection dropped at byte ${at}, ${attempts} times in a row`,
      "check the connection and run the same again",
      cause
    ),
  busy: (address, status, attempts) =>
    fault("busy", `${address}: the host answered ${status}, ${attempts} times in a row`, "try again later"),
  refused: (address, status) =>
    fault(
      "refused",
      `${address}: the host does not give this to everybody (it answered ${status})`,
      `check the address; for a file behind a sign-in, ${download}`
    ),
  unexpected: (address, status) =>
    status === 416
      ? fault("empty", `${address} is empty (0 bytes)`, "check the address")
      : fault("unexpected-answer", `${address}: the host answered ${status}`, "check the address"),
  noRanges: ({address, header}) =>
    /^text\/html\b/i.test(header("content-type") ?? "")
      ? fault(
          "web-page",
          `${address} is a web page, not a file of cells`,
          "give the address of the file itself: copy that of the page's download link"
        )
      : fault(
          "no-ranges",
          `${address}: the host ignores ranges and would send the whole file`,
          `${download}; to be read in parts, ${rangesNeeded}`
        ),
  wrongRange: (address, asked, given) =>
    given === null
      ? fault(
          "hidden-range",
          `${address}: which bytes the host sends cannot be seen from this page`,
          `${download}; its host must send Access-Control-Expose-Headers: Content-Range, ETag`
        )
      : fault(
          "wrong-range",
          `${address}: the host was asked for bytes ${asked} and says it sends ${given}`,
          `${download}; to be read in parts, ${rangesNeeded}`
        ),
  tooMuch: (address, asked) =>
    fault("wrong-range", `${address}: the host sends more than the bytes ${asked} that it was asked for`, download),
  changed: (address, what, before, now) =>
    fault(
      "changed",
      `${address} changed while it was read: its ${what} was ${before} and is ${now ?? "gone"}`,
      "open it again when nothing writes to it"
    ),
  tooLarge: (address, most) =>
    fault("too-large", `${address} is larger than ${most} bytes, too large for what it is to be`, "check the address")
};

/** That there is no file at an address (404). */
export const notThere = (address: string): WorkbookError =>
  fault("missing", `there is no file at ${address} (the host answered 404)`, "check the address");

function fault(code: string, text: string, remedy: string, cause?: unknown): WorkbookError {
  return new WorkbookError({domain: "file", code, fault: text, remedy}, {cause});
}
