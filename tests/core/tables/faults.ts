import {expect} from "vitest";
import {isWorkbookError, type WorkbookError} from "../../../src/components/core/errors.js";

/** The WorkbookError that `action` throws; a failed expectation if it throws none or another error. */
export function faultOf(action: () => unknown): WorkbookError {
  try {
    action();
  } catch (error) {
    if (isWorkbookError(error)) return error;
    throw error;
  }
  return expect.fail("nothing was thrown");
}

/** The message of the WorkbookError that `action` throws. */
export function messageOf(action: () => unknown): string {
  return faultOf(action).message;
}

/** The code of the WorkbookError that `action` throws. */
export function codeOf(action: () => unknown): string {
  return faultOf(action).code;
}
