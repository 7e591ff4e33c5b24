import type {ProgressLine} from "./progress.js";

/** What a command gets from the program around it. */
export interface CommandContext {
  progress: ProgressLine;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Writes a line to standard output. */
  print(text: string): void;
}
