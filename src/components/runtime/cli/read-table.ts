import {open, readFile, type FileHandle} from "node:fs/promises";
import {basename} from "node:path";
import {RecordBatchReader, Table, type Schema} from "apache-arrow";
import {WorkbookError} from "../../core/errors.js";
import {systemWords} from "../../core/system-words.js";
import {damagedTable, tableFromBytes} from "../../core/tables/file.js";

/** Largest file that is read in one piece; larger ones batch by batch. */
const wholeUpTo = 2 ** 28;

/** An Arrow file in tables of some of its rows, one after the other. */
export interface TableParts {
  schema: Schema;
  /** Bytes of the file, which no column can exceed. */
  bytes: number;
  parts: AsyncIterable<Table>;
}

/** The Arrow table in the file at `path`, of any size. Throws a WorkbookError of domain "file" or "table" that names it. */
export async function readTable(path: string): Promise<Table> {
  return withParts(path, async ({schema, parts}) => {
    const tables: Table[] = [];
    for await (const part of parts) tables.push(part);
    const batches = tables.flatMap((table) => table.batches);
    return tables.length === 1 ? tables[0] : new Table(schema, batches);
  });
}

/**
 * What `use` makes of the Arrow file at `path`; a file of more than `whole` bytes is read batch by batch, as its parts are asked for. Throws what
 * `use` throws, and a WorkbookError of domain "file" or "table" that names the file.
 */
export async function withParts<Result>(
  path: string,
  use: (table: TableParts) => Promise<Result>,
  whole = wholeUpTo
): Promise<Result> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const {size} = await file.stat();
    const inParts = size > whole && (await isArrowFile(file, size));
    return await use(await (inParts ? partsOf(file, size, basename(path)) : wholeOf(path, size)));
  } finally {
    await file.close();
  }
}

async function wholeOf(path: string, bytes: number): Promise<TableParts> {
  const content = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const table = tableFromBytes(content, basename(path));
  return {schema: table.schema, bytes, parts: single(table)};
}

async function* single(table: Table): AsyncGenerator<Table> {
  yield table;
}

async function partsOf(file: FileHandle, bytes: number, name: string): Promise<TableParts> {
  const damaged = (cause: unknown): never => {
    throw damagedTable(name, cause);
  };
  const reader = await RecordBatchReader.from(withinFile(file)).catch(damaged);
  await Promise.resolve(reader.open()).catch(damaged);
  const {schema} = reader;
  async function* parts(): AsyncGenerator<Table> {
    for (;;) {
      const {done, value} = await Promise.resolve(reader.next()).catch(damaged);
      if (done === true) return;
      yield new Table(schema, value);
    }
  }
  return {schema, bytes, parts: parts()};
}

/** The file as the library reads it, with a fault where it would wait for ever: for bytes beyond the end, which a damaged footer names. */
function withinFile(file: FileHandle): FileHandle {
  const read = async (buffer: Uint8Array, offset: number, length: number, position: number) => {
    const found = await file.read(buffer, offset, length, position);
    if (found.bytesRead === 0 && length > 0) throw new Error(`no bytes at ${position}`);
    return found;
  };
  return {fd: file.fd, stat: () => file.stat(), read, close: () => file.close()} as unknown as FileHandle;
}

/** Whether a file begins and ends as an Arrow IPC file does, whose footer says where its batches are. */
async function isArrowFile(file: FileHandle, size: number): Promise<boolean> {
  const found = await Promise.all([0, size - 6].map((at) => file.read(Buffer.alloc(6), 0, 6, at)));
  return found.every(({buffer}) => buffer.toString("latin1") === "ARROW1");
}

function unreadable(path: string, cause: unknown): WorkbookError {
  const {code} = cause as NodeJS.ErrnoException;
  const missing = code === "ENOENT";
  if (code === "ERR_FS_FILE_TOO_LARGE") {
    const fault = `${path} is an Arrow stream of more than 2 GiB, and a stream is read in one piece`;
    const remedy = "write it as an Arrow file (pyarrow.ipc.new_file), which is read batch by batch";
    return new WorkbookError({domain: "table", code: "too-large", fault, remedy}, {cause});
  }
  const fault = missing ? `there is no file ${path}` : `${path} cannot be read: ${systemWords(cause)}`;
  return new WorkbookError(
    {domain: "file", code: missing ? "missing" : "unreadable", fault, remedy: "check the path and its permissions"},
    {cause}
  );
}
