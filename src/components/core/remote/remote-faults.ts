import type {WorkbookError} from "../errors.js";
import type {HttpAnswer} from "./http-request.js";

/** What is thrown where a host does not behave, in the words of what is read from it: a checkpoint, a file of cells. */
export interface RemoteFaults {
  dropped(address: string, at: number, attempts: number, cause?: unknown): WorkbookError;
  busy(address: string, status: number, attempts: number): WorkbookError;
  /** The host wants to know who asks (401, 403). */
  refused(address: string, status: number): WorkbookError;
  unexpected(address: string, status: number): WorkbookError;
  /** The host answers a range with the whole file. */
  noRanges(answer: Pick<HttpAnswer, "address" | "header">): WorkbookError;
  /** `given` is the Content-Range that came; null where none could be seen. */
  wrongRange(address: string, asked: string, given: string | null): WorkbookError;
  tooMuch(address: string, asked: string): WorkbookError;
  changed(address: string, what: string, before: string | number, now: string | number | null): WorkbookError;
  tooLarge(address: string, most: number): WorkbookError;
}
