import {WorkbookError} from "../errors.js";

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
