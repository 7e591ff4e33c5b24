import {access, constants, stat} from "node:fs/promises";
import {dirname, resolve} from "node:path";
import type {Table} from "apache-arrow";
import {writeFileAtomically} from "../../adapters/node-files.js";
import {tableToFileBytes} from "../../core/tables/file.js";
import {usage} from "./arguments.js";

/**
 * Checks, before anything is computed, that `path` can be written and is not `input`, the file that is read. Throws a
 * usage error that names the path or its folder.
 */
export async function requireWritable(path: string, input: string): Promise<void> {
  const folder = dirname(resolve(path));
  const entry = await stat(path).catch(() => null);
  const source = await stat(input).catch(() => null);
  if (path === "") throw usage("bad-output", "--out is empty", "name a file");
  if (entry?.isDirectory()) throw usage("bad-output", `--out ${path} is a folder`, "name a file in it");
  if (entry !== null && !entry.isFile())
    throw usage("bad-output", `--out ${path} is not a regular file`, "name a file");
  if (entry !== null && source !== null && entry.dev === source.dev && entry.ino === source.ino) {
    throw usage("bad-output", `--out ${path} is the file to be read`, "name another file");
  }
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error("a file");
    await access(folder, constants.W_OK);
  } catch {
    throw usage(
      "bad-output",
      `--out ${path}: the folder ${folder} is not there or cannot be written to`,
      "make it, or name another"
    );
  }
}

/** Writes `table` to `path` as an Arrow IPC file; it appears complete or not at all. */
export async function writeTable(path: string, table: Table): Promise<void> {
  await writeFileAtomically(path, tableToFileBytes(table));
}
