import {WorkbookError} from "../errors.js";
import type {StageName} from "../types.js";

/** Throws the WorkbookError "wrong-stage" unless `stage`, which the function `reader` was given, is an `expected` stage. */
export function requireStage(reader: string, expected: StageName, stage: {name?: StageName} | undefined): void {
  if (stage?.name === expected) return;
  throw new WorkbookError({
    domain: "usage",
    code: "wrong-stage",
    fault: `${reader} reads a ${expected} stage, and was given ${stage?.name === undefined ? "none" : `a ${stage.name} stage`}`,
    remedy: `give it what ${expected}(...) returns, not a promise or a table of it`
  });
}
