import {transferHandlers} from "comlink";
import {isAbort, isWorkbookError, WorkbookError} from "../../core/errors.js";
import type {ThrownError} from "./protocol.js";

type Outcome = {threw: false; value: unknown} | {threw: true; error: ThrownError};

/**
 * Lets thrown errors cross between worker and page with all their fields, in place of comlink's own handler. Call it on
 * both sides before anything is exposed or wrapped.
 */
export function installErrorTransfer(): void {
  const plain = transferHandlers.get("throw")!;
  transferHandlers.set("throw", {
    canHandle: plain.canHandle,
    serialize: ({value}: {value: unknown}) => [{threw: true, error: pack(value)}, []],
    deserialize: (outcome: Outcome) => {
      throw outcome.threw ? unpack(outcome.error) : outcome.value;
    }
  } as unknown as typeof plain);
}

function pack(value: unknown): ThrownError {
  if (isWorkbookError(value)) return {kind: "workbook", details: value.details};
  if (isAbort(value)) return {kind: "abort"};
  const error = value instanceof Error ? value : new Error(String(value));
  return {kind: "defect", message: error.message, stack: error.stack};
}

function unpack(error: ThrownError): Error {
  switch (error.kind) {
    case "workbook":
      return new WorkbookError(error.details);
    case "abort":
      return new DOMException("canceled", "AbortError");
    case "defect":
      return Object.assign(new Error(error.message), {stack: error.stack});
  }
}
