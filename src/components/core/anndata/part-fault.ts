import {isWorkbookError} from "../errors.js";

/** A part of a file that cannot be read and is not needed: the rest of the file is read all the same. */
export interface PartFault {
  /** What it is, as it is displayed ("column cluster of obs"). */
  what: string;
  /** Path in the file ("/obs/cluster"). */
  place: string;
  /** Why, one sentence without a full stop. */
  fault: string;
}

/** What `read` gives, or `otherwise` where it throws a WorkbookError; anything else that it throws goes on. */
export function orFault<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (isWorkbookError(error)) return otherwise;
    throw error;
  }
}
