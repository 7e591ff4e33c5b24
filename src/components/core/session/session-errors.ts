import {WorkbookError} from "../errors.js";

/** "no-session": the file is something else. */
export function notASession(name: string, what: string): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "no-session",
    fault: `${name} is no saved session: ${what}`,
    remedy: "choose a file that was saved with Take results away, This session"
  });
}

/** "newer-session": a later version wrote it. */
export function newerSession(name: string, format: unknown): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "newer-session",
    fault: `${name} was saved by another version of the workbook (session format ${JSON.stringify(format)}, this one reads 1)`,
    remedy: "open it in the workbook that saved it, or save it there for this version"
  });
}

/** "damaged-session": a part is not as it was written. */
export function damagedSession(name: string, what: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "file",
      code: "damaged-session",
      fault: `${name} is damaged: ${what}`,
      remedy: "copy or download it again, or save the session again"
    },
    {cause}
  );
}

/** "data-needed": a session holds no counts and no vectors. */
export function dataNeeded(name: string, what: string): WorkbookError {
  return new WorkbookError({
    domain: "usage",
    code: "data-needed",
    fault: `${what} needs the counts of ${name}, and this session holds none`,
    remedy: `open ${name} to go on`
  });
}
