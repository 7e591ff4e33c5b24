import {basename} from "node:path";
import {isAbort, isWorkbookError} from "../../core/errors.js";
import {helpText, parseInvocation, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {runConvert} from "./convert.js";
import {runEmbed, runSentences} from "./embed.js";
import {runInspect} from "./inspect.js";
import {progressLine, type TerminalStream} from "./progress.js";
import {runUmap} from "./umap.js";

const runs: Record<string, (invocation: Invocation, context: CommandContext) => Promise<void>> = {
  inspect: runInspect,
  sentences: runSentences,
  embed: runEmbed,
  umap: runUmap,
  convert: runConvert
};

/** Where facts and errors are written; `process` has both. */
export interface Streams {
  stdout: {write(text: string): unknown};
  stderr: TerminalStream;
}

/**
 * Runs one command line and returns its exit status: 0 done; 1 usage; 2 the file cannot be read or used; 3 a defect of
 * ours (UCE_WORKBOOK_DEBUG=1 shows where); 130 canceled with Ctrl-C. Facts go to stdout; one line of error to stderr.
 */
export async function main(argv: string[], {stdout, stderr}: Streams = process): Promise<number> {
  const progress = progressLine(stderr);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  process.once("SIGINT", cancel);
  process.once("SIGTERM", cancel);
  let file = "";
  try {
    const invocation = parseInvocation(argv);
    if ("help" in invocation) {
      stdout.write(`${helpText(invocation.help)}\n`);
      return 0;
    }
    file = basename(invocation.argument);
    const context = {progress, signal: controller.signal, print: (text: string) => void stdout.write(`${text}\n`)};
    await runs[invocation.command](invocation, context);
    progress.finish();
    return 0;
  } catch (error) {
    progress.clear();
    const [status, line] = explain(error, file, controller.signal.aborted);
    stderr.write(`uce-workbook: ${line}\n`);
    if (process.env["UCE_WORKBOOK_DEBUG"] === "1") stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return status;
  } finally {
    process.off("SIGINT", cancel);
    process.off("SIGTERM", cancel);
  }
}

function explain(error: unknown, file: string, aborted: boolean): [number, string] {
  if (isAbort(error) || (aborted && !isWorkbookError(error))) return [130, "canceled; nothing was written"];
  if (isWorkbookError(error)) {
    const message = oneLine(error.message);
    if (error.domain === "usage") return [1, message];
    const named = error.domain === "model" || message.includes(file);
    return [2, named ? message : `${file}: ${message}`];
  }
  const text = error instanceof Error ? error.message : String(error);
  return [
    3,
    `a defect of this program, not of your file (${oneLine(text)}): run again with UCE_WORKBOOK_DEBUG=1 and report it`
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
