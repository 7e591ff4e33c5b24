import {usage, type Invocation} from "./arguments.js";

/**
 * Where the cells of a command are: its file, or with --join all its files, which are read as one. Throws a usage error for several files without --join, and for --join of
 * one.
 */
export function cellsPlaces({
  command,
  files,
  options
}: Pick<Invocation, "command" | "files" | "options">): string | readonly string[] {
  requireJoinable(files, options);
  if (options["join"]) return files;
  if (files.length === 1) return files[0];
  const fault = `${command} takes one file, got ${files.length}`;
  throw usage("arguments", fault, "name one, or add --join to read them as one data set");
}

/** Throws a usage error for --join of one file. */
export function requireJoinable(files: readonly string[], options: Record<string, string>): void {
  if (!options["join"] || files.length > 1) return;
  const fault = "--join joins several files, and there is one";
  throw usage("bad-option", fault, "name the others too, or leave --join out");
}
