import {existsSync} from "node:fs";
import {basename} from "node:path";
import {isAbort, isWorkbookError} from "../../core/errors.js";
import {isAddress} from "../../core/remote/data-address.js";
import {isSystemError, systemWords} from "../../core/system-words.js";
import {helpText, parseInvocation, usage, type Invocation} from "./arguments.js";
import {runCluster} from "./cluster.js";
import {runComposition} from "./composition.js";
import type {CommandContext} from "./context.js";
import {runConvert, unfinishedFolder} from "./convert.js";
import {runEmbed, runSentences} from "./embed.js";
import {runExplain} from "./explain.js";
import {runFiltering} from "./filtering.js";
import {runExport} from "./export.js";
import {runGenesets} from "./genesets.js";
import {runInspect} from "./inspect.js";
import {runLabel} from "./label.js";
import {runMarkers} from "./markers.js";
import {runMerge} from "./merge.js";
import {runParity} from "./parity.js";
import {progressLine} from "./progress.js";
import {runReference} from "./reference.js";
import {runReport} from "./report.js";
import {runScore} from "./score.js";
import {processStreams, type OutputStream, type Streams} from "./streams.js";
import {runUmap} from "./umap.js";

/** Commands; one that ends without an error may still have an exit status to tell. */
const runs: Record<string, (invocation: Invocation, context: CommandContext) => Promise<number | void>> = {
  inspect: runInspect,
  sentences: runSentences,
  embed: runEmbed,
  merge: runMerge,
  umap: runUmap,
  export: runExport,
  cluster: runCluster,
  label: runLabel,
  reference: runReference,
  markers: runMarkers,
  explain: runExplain,
  filtering: runFiltering,
  composition: runComposition,
  genesets: runGenesets,
  score: runScore,
  report: runReport,
  parity: runParity,
  convert: runConvert
};

/**
 * Runs one command line and returns its exit status: 0 done; 1 usage, or an output that cannot be written; 2 the file
 * cannot be read or used; 3 a defect of ours (UCE_WORKBOOK_DEBUG=1 shows where); 130 canceled with Ctrl-C; 141 nobody reads
 * standard output any more. Facts go to stdout; one line of error to stderr.
 */
export async function main(argv: string[], {stdout, stderr}: Streams = processStreams()): Promise<number> {
  const progress = progressLine(stderr);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  process.once("SIGINT", cancel);
  process.once("SIGTERM", cancel);
  let known: Invocation | undefined;
  try {
    const invocation = parseInvocation(argv);
    if ("help" in invocation) {
      await writeFacts(stdout, `${helpText(invocation.help)}\n`);
      return 0;
    }
    known = invocation;
    let facts = "";
    const print = (text: string) => void (facts += `${text}\n`);
    const context = {progress, signal: controller.signal, stdout};
    const piped = invocation.options["out"] === "-";
    const status = await runs[invocation.command](invocation, {...context, print: piped ? progress.note : print});
    progress.finish();
    await writeFacts(stdout, facts);
    return status ?? 0;
  } catch (error) {
    progress.clear();
    const [status, line] = explain(error, known, controller.signal.aborted);
    if (line !== null) stderr.write(`uce-workbook: ${line}\n`);
    if (process.env["UCE_WORKBOOK_DEBUG"] === "1") stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return status;
  } finally {
    process.off("SIGINT", cancel);
    process.off("SIGTERM", cancel);
  }
}

/** Throws a usage error if the system does not take the text; one of code "no-reader-of-facts" if nobody reads it. */
async function writeFacts(stdout: OutputStream, text: string): Promise<void> {
  try {
    await stdout.write(text);
  } catch (cause) {
    const gone = (cause as NodeJS.ErrnoException).code === "EPIPE";
    const fault = `standard output cannot be written: ${systemWords(cause)}`;
    throw usage(gone ? "no-reader-of-facts" : "not-written", fault, "send it elsewhere; files are written");
  }
}

/** Exit status and line of an error; no line where nobody reads any more, as with other tools in a pipe. */
function explain(error: unknown, known: Invocation | undefined, aborted: boolean): [number, string | null] {
  if (isAbort(error) || (aborted && !isWorkbookError(error))) {
    return [130, `canceled; ${keptAfterCancel(known)}`];
  }
  const file = fileName(known?.argument ?? "");
  if (isWorkbookError(error)) {
    const message = oneLine(error.message);
    if (error.code === "no-reader-of-facts") return [141, null];
    if (error.code === "no-reader") return [141, message];
    if (error.domain === "usage" || (error.domain === "file" && outputCodes.includes(error.code))) return [1, message];
    const named = error.domain === "model" || message.includes(file);
    return [2, named ? message : `${file}: ${message}`];
  }
  if (isSystemError(error)) {
    return [
      2,
      `${error.path ?? file}: ${systemWords(error)}: check its place, its permissions and the room on the disk`
    ];
  }
  const text = error instanceof Error ? error.message : String(error);
  return [
    3,
    `a defect of this program, not of your file (${oneLine(text)}): run again with UCE_WORKBOOK_DEBUG=1 and report it`
  ];
}

/** Name of what was read, from its path or address. */
const fileName = (place: string): string => (isAddress(place) ? new URL(place).host : basename(place));

function keptAfterCancel(known: Invocation | undefined): string {
  const store = known?.options["store"];
  if (store !== undefined) return `finished batches are kept in ${store}`;
  const unfinished = known?.command === "convert" ? unfinishedFolder(known.options["out"]) : "";
  return existsSync(unfinished)
    ? `what was read so far is kept in ${unfinished}, and the same command goes on there`
    : "nothing was written";
}

/** What writing files throws (adapters/node-files.ts): the command line named a place that cannot take them. */
const outputCodes = ["no-room", "not-writable", "not-as-written"];

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
