import type {Inspection} from "../core/anndata/inspect.js";
import {isWorkbookError} from "../core/errors.js";
import type {OpenFile} from "../core/stages/stage.js";

const told = new WeakMap<OpenFile, ReadonlySet<string>>();
const toldFaults = new WeakSet<object>();

/** Codes of what keeps a file from being used. */
const codesOf = ({problems}: Inspection): string[] =>
  problems.filter(({severity}) => severity === "error").map(({code}) => code);

/** Notes what is said of an open file where it was chosen: the problems of an inspection, and the fault of a choice that it does not have. */
export function noteToldOfFile(file: OpenFile, inspection: Inspection, fault: unknown = null): void {
  told.set(file, new Set([...codesOf(inspection), ...(isWorkbookError(fault) ? [fault.code] : [])]));
}

/** True for the code of a fault that is told of the file where it was chosen, with the way out that fits it; no run changes it. */
export function isToldOfFile(code: string, file: OpenFile): boolean {
  return (told.get(file) ?? new Set(codesOf(file.inspection))).has(code);
}

/** Throws the fault of an answer about a file, noting whether it is told of the file already, so that figures need not tell it again. */
export function throwOfFile(error: unknown, file: OpenFile): never {
  if (isWorkbookError(error) && isToldOfFile(error.code, file)) toldFaults.add(error);
  throw error;
}

/** True for a fault that is told where its file was chosen. */
export function isTold(error: unknown): boolean {
  return isWorkbookError(error) && toldFaults.has(error);
}
