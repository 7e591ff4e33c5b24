import {WorkbookError} from "../errors.js";

/** "no-file": something was asked of a file, and none is open. */
export function noFile(): WorkbookError {
  return new WorkbookError({domain: "usage", code: "no-file", fault: "no file is open", remedy: "open one first"});
}

/** "busy": a second run, or a file, was asked for while a run goes on. */
export function busy(): WorkbookError {
  return new WorkbookError({
    domain: "usage",
    code: "busy",
    fault: "a run is going on",
    remedy: "cancel it first, or wait until it is done"
  });
}

/** "no-vectors": something was asked of embeddings before a run made any. */
export function noVectors(): WorkbookError {
  return new WorkbookError({
    domain: "usage",
    code: "no-vectors",
    fault: "there are no embeddings of this file yet",
    remedy: "run the workbook first"
  });
}

/** "file-changed": a picked file cannot be read any more; the browser lets go of one that is not as it was when it was picked. */
export function fileChanged(name: string, cause: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "file",
      code: "file-changed",
      fault: `${name} has changed or gone since it was opened`,
      remedy: "choose it again: what was computed of it is kept, and a run goes on from there"
    },
    {cause}
  );
}
