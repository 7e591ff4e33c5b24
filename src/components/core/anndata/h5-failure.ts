import {WorkbookError} from "../errors.js";

/** What HDF5's stack of messages can hold, the fault and the way out that it means; the first that fits is told. */
const meanings: {pattern: RegExp; code: string; fault: string; remedy: string}[] = [
  {
    pattern: /truncated file|addr overflow|end of file|\beof\b|read past the end/i,
    code: "truncated",
    fault: "is truncated: it ends before data that it should hold",
    remedy: "download or copy it again"
  },
  {
    pattern: /already open for write|consistency flags|SWMR/i,
    code: "not-closed",
    fault: "was not closed by the program that wrote it",
    remedy: "wait until it is written, or repair it with h5clear -s"
  },
  {
    pattern: /is not registered|can't find plugin|find_plugin/i,
    code: "unknown-compression",
    fault: "is compressed in a way that cannot be undone here",
    remedy: 'write it again with compression="gzip" or without compression'
  },
  {
    pattern: /^Aborted\(/,
    code: "library-gave-up",
    fault: "cannot be read: the HDF5 library, or the plugin that unpacks this part, gave up",
    remedy: 'write it again with compression="gzip" or without compression'
  },
  {
    pattern: /filter|decompress|inflate|pipeline/i,
    code: "damaged-data",
    fault: "is damaged: a block of data cannot be unpacked",
    remedy: "download or copy it again"
  }
];

/**
 * The WorkbookError (domain "file") that says in one line what HDF5 says in many. `cause` is what the library threw,
 * with its stack of messages; `name` the file, `place` the path in it that was being read. Code "truncated",
 * "not-closed", "unknown-compression", "library-gave-up", "damaged-data", or "damaged" with the deepest message.
 */
export function explainFailure(cause: unknown, name: string, place?: string): WorkbookError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const known = meanings.find(({pattern}) => pattern.test(message));
  const {code, fault, remedy} = known ?? {
    code: "damaged",
    fault: `is damaged: ${deepest(message)}`,
    remedy: "download or copy it again"
  };
  return new WorkbookError({domain: "file", code, fault: `${name} ${fault}`, remedy, place}, {cause});
}

/** What the deepest line of HDF5's stack says, without its place in the library's source. */
function deepest(message: string): string {
  const lines = message.split("\n").filter((line) => /^\s*#\d+:/.test(line));
  const last = lines.at(-1) ?? message.split("\n")[0] ?? "";
  return last.replace(/^.*?\(\): /, "").trim() || "HDF5 cannot read it";
}
