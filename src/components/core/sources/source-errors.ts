import {WorkbookError} from "../errors.js";

/** The WorkbookError (domain "file", code "damaged") for a file at `place` of the folder or archive `name` that cannot be unpacked or understood. */
export function damagedPart(name: string, place: string, why: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "file",
      code: "damaged",
      place,
      fault: `${name} is damaged: ${why}`,
      remedy: "copy or download it again; an interrupted transfer leaves such files"
    },
    {cause}
  );
}

/** The WorkbookError (domain "file", code "unknown-source") for a folder or archive `name` that holds `what` and no counts that can be read. */
export function unknownSource(name: string, what: string, remedy: string): WorkbookError {
  return new WorkbookError({domain: "file", code: "unknown-source", fault: `${name} is ${what}`, remedy});
}
