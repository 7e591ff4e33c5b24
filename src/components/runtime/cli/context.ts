import type {ProgressLine} from "./progress.js";
import type {OutputStream} from "./streams.js";

/** What a command gets from the program around it. */
export interface CommandContext {
  progress: ProgressLine;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** A line of facts: on standard output when the command has ended well, or on standard error where a table goes there. */
  print(text: string): void;
  /** Standard output, for a table (`--out -`). */
  stdout: OutputStream;
}
