import {WorkbookError} from "../errors.js";

/** The error of a model's files that lack a weight or a part of it: domain "model", code "no-such-weight". */
export function noSuchWeight(name: string): WorkbookError {
  return new WorkbookError({
    domain: "model",
    code: "no-such-weight",
    fault: `the model's files have no ${name}, or a part of it is missing`,
    place: name,
    remedy: "convert the checkpoint again"
  });
}
