import {readFile} from "node:fs/promises";
import {basename} from "node:path";
import type {Table} from "apache-arrow";
import {WorkbookError} from "../../core/errors.js";
import {systemWords} from "../../core/system-words.js";
import {tableFromBytes} from "../../core/tables/file.js";

/** The Arrow table in the file at `path`. Throws a WorkbookError of domain "file" or "table" that names it. */
export async function readTable(path: string): Promise<Table> {
  try {
    return tableFromBytes(await readFile(path), basename(path));
  } catch (cause) {
    const {code} = cause as NodeJS.ErrnoException;
    if (cause instanceof WorkbookError) throw cause;
    if (code === "ERR_FS_FILE_TOO_LARGE") throw tooLarge(path);
    const missing = code === "ENOENT";
    const fault = missing ? `there is no file ${path}` : `${path} cannot be read: ${systemWords(cause)}`;
    throw new WorkbookError(
      {domain: "file", code: missing ? "missing" : "unreadable", fault, remedy: "check the path and its permissions"},
      {cause}
    );
  }
}

function tooLarge(path: string): WorkbookError {
  const fault = `${path} is larger than 2 GiB, and a table is read in one piece`;
  return new WorkbookError({domain: "table", code: "too-large", fault, remedy: "keep it as shards, and work on each"});
}
