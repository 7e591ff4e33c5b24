import {randomUUID} from "node:crypto";
import {constants} from "node:fs";
import {access, mkdir, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {basename, dirname, join, resolve} from "node:path";
import type {Table} from "apache-arrow";
import {followLinks, writeFileAtomically} from "../../adapters/node-files.js";
import {isWorkbookError, WorkbookError} from "../../core/errors.js";
import {dataAddress, isAddress, nameOfAddress} from "../../core/remote/data-address.js";
import {systemWords} from "../../core/system-words.js";
import {tableToFileBytes} from "../../core/tables/file.js";
import {usage} from "./arguments.js";
import type {CommandContext} from "./context.js";

/**
 * Checks, before anything is computed, that the table of a command can go where `--out` says ("-": standard output) and
 * that this is not `input`, the file that is read. Throws a usage error that names the path or its folder.
 */
export async function requireWritable(
  options: Record<string, string>,
  input: string,
  {stdout}: Pick<CommandContext, "stdout">
): Promise<void> {
  const path = options["out"];
  if (path === "-") return requireReader(options, stdout.isTTY === true);
  const entry = await stat(path).catch(() => null);
  const source = await stat(input).catch(() => null);
  if (entry?.isDirectory() || /[\\/]$/.test(path))
    throw usage("bad-output", `--out ${path} is a folder`, "name a file in it");
  if (entry !== null && !entry.isFile())
    throw usage("bad-output", `--out ${path} is not a regular file`, "name a file, or - for standard output");
  if (entry !== null && source !== null && entry.dev === source.dev && entry.ino === source.ino) {
    throw usage("bad-output", `--out ${path} is the file to be read`, "name another file");
  }
  if (entry !== null) await requireAccess(path, `--out ${path} may not be overwritten`, "name another file");
  const folder = dirname(resolve(await followLinks(path)));
  await requireFolder(folder, `--out ${path}: the folder ${folder} cannot be written to`, "make it, or name another");
}

/**
 * The tables of several files in the folder `--out`, which is made where it is missing: each file's name with .arrow. Throws a usage error
 * if it is no folder, or if two files have one name.
 */
export async function outputsIn(options: Record<string, string>, files: readonly string[]): Promise<string[]> {
  const folder = options["out"];
  const entry = await stat(folder).catch(() => null);
  if (folder === "-" || (entry !== null && !entry.isDirectory())) {
    const fault = `--out ${folder} is ${folder === "-" ? "standard output" : "a file"}, and ${files.length} files make ${files.length} tables`;
    throw usage("bad-output", fault, "name a folder");
  }
  await requireRoomFor("out", folder);
  const names = files.map((file) => `${nameIn(file).replace(/\.h5ad$/i, "")}.arrow`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw usage(
      "bad-output",
      `two of the files would both be written to ${join(folder, twice)}`,
      "embed one of them apart"
    );
  await mkdir(folder, {recursive: true});
  return names.map((name) => join(folder, name));
}

/** Name of a file, from its path or address. */
const nameIn = (file: string): string => (isAddress(file) ? nameOfAddress(dataAddress(file)) : basename(file));

function requireReader(options: Record<string, string>, terminal: boolean): void {
  if (terminal) {
    const fault = "--out -: standard output is a terminal, and a table is not text";
    throw usage("bad-output", fault, "send it to a file or a program: --out FILE, or --out - | PROGRAM");
  }
  if (options["json"])
    throw usage(
      "bad-output",
      "--out - and --json both take standard output",
      "leave one out, or name a file with --out"
    );
}

/** Checks that `--store DIR` can be made or used. Throws a usage error that names it. */
export async function requireStore(path: string): Promise<void> {
  const entry = await stat(path).catch(() => null);
  if (entry !== null && !entry.isDirectory())
    throw usage("bad-option", `--store ${path} is not a folder`, "name a folder");
  await requireRoomFor("store", path);
}

/** Checks that the folder `path` of option `--name` can be made, with those above it that are missing, or written to. Throws a usage error. */
export async function requireRoomFor(name: string, path: string): Promise<void> {
  let folder = resolve(path);
  while ((await stat(folder).catch(() => null)) === null && dirname(folder) !== folder) folder = dirname(folder);
  await requireFolder(folder, `--${name} ${path}: the folder ${folder} cannot be written to`, "name another folder");
}

async function requireFolder(folder: string, fault: string, remedy: string): Promise<void> {
  const entry = await stat(folder).catch((error: unknown) => {
    throw usage("bad-output", `${fault}: ${systemWords(error)}`, remedy);
  });
  if (!entry.isDirectory()) throw usage("bad-output", `${fault}: it is not a folder`, remedy);
  await requireAccess(folder, fault, remedy, constants.W_OK | constants.X_OK);
}

async function requireAccess(
  path: string,
  fault: string,
  remedy: string,
  mode: number = constants.W_OK
): Promise<void> {
  await access(path, mode).catch((error: unknown) => {
    throw usage("bad-output", `${fault}: ${systemWords(error)}`, remedy);
  });
}

/**
 * Writes `table` to `path` as an Arrow IPC file, which appears complete or not at all; the same bytes to standard output
 * for "-". Where that fails, what was computed is kept: in the store (`kept`, a folder that holds it already) or in the
 * temporary folder. Throws a WorkbookError of domain "usage" that says where it is.
 */
export async function writeTable(
  path: string,
  table: Table,
  {stdout, kept}: Pick<CommandContext, "stdout"> & {kept?: string}
): Promise<void> {
  const bytes = tableToFileBytes(table);
  try {
    if (path === "-") await stdout.write(bytes);
    else await writeFileAtomically(path, bytes);
  } catch (cause) {
    const fault =
      path !== "-" && isWorkbookError(cause) ? cause.details.fault : `standard output: ${systemWords(cause)}`;
    const [state, remedy] = await keep(bytes, path === "-" ? "table.arrow" : basename(path), kept);
    const reader = path === "-" && (cause as NodeJS.ErrnoException).code === "EPIPE";
    const code = reader ? "no-reader" : "not-written";
    throw new WorkbookError({domain: "usage", code, fault: `${fault}; ${state}`, remedy}, {cause});
  }
}

/** Keeps a table that could not be written: what became of it, and what to do. */
async function keep(bytes: Uint8Array, name: string, store: string | undefined): Promise<[string, string]> {
  if (store !== undefined)
    return [
      `the vectors are kept in ${store}`,
      "run the same again, with room or another --out: nothing is embedded twice"
    ];
  const path = join(tmpdir(), `uce-workbook-${randomUUID().slice(0, 8)}-${name}`);
  try {
    await writeFile(path, bytes, {flag: "wx", mode: 0o600});
    return [`the table is kept as ${path}`, "move it to where there is room"];
  } catch (error) {
    await rm(path, {force: true}).catch(() => {});
    const why = `nothing is kept, ${tmpdir()} cannot be written either: ${systemWords(error)}`;
    return [why, "free disk space and run again; embed --store DIR keeps what is finished"];
  }
}
