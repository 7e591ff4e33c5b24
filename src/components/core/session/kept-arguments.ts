import {isRecord} from "../is-record.js";

/** A question's arguments as a session keeps them: without the files of a reference, megabytes that the argument `reference`, its hash, stands for. */
export function keptArguments(args: unknown): unknown {
  if (!isRecord(args) || args["reference"] === undefined) return args;
  const {files: _, ...kept} = args;
  return kept;
}
