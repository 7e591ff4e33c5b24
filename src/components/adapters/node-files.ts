import {createHash, randomUUID} from "node:crypto";
import {createReadStream} from "node:fs";
import {mkdir, open, readFile, rename, rm, writeFile} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {WorkbookError, isAbort} from "../core/errors.js";
import type {BundleSink, BundleSource} from "../core/model/bundle.js";
import type {RangeReader} from "../core/convert/range-reader.js";

/** A model bundle in a folder. */
export function folderBundle(folder: string): BundleSource {
  return {
    name: folder,
    read: async (path, signal) => {
      try {
        return new Uint8Array(await readFile(join(folder, path), {signal}));
      } catch (cause) {
        if (isAbort(cause)) throw cause;
        throw fileError("model", folder, join(folder, path), "give the folder of a complete model bundle", cause);
      }
    }
  };
}

/** Writes a bundle's files into a folder that exists. */
export function folderSink(folder: string): BundleSink {
  return {
    write: async (path, bytes, signal) => {
      const target = join(folder, path);
      await mkdir(dirname(target), {recursive: true});
      await writeFile(target, bytes, {signal});
    }
  };
}

/** A file read by range, without ever holding it whole. Close it when done. */
export async function openFileReader(path: string): Promise<RangeReader & {close(): Promise<void>}> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw fileError("file", path, path, "give the path of a file that can be read", cause);
  });
  const {size} = await handle.stat();
  return {
    name: basename(path),
    byteLength: size,
    slice: async (start, end, signal) => {
      signal?.throwIfAborted();
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.byteLength;) {
        const {bytesRead} = await handle.read(bytes, at, bytes.byteLength - at, start + at);
        if (bytesRead === 0) {
          throw new WorkbookError({
            domain: "file",
            code: "truncated",
            fault: `${path} ended at byte ${start + at} while bytes ${start} to ${end} were read`,
            remedy: "copy or download the file again"
          });
        }
        at += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close()
  };
}

/** SHA-256 of a file of any size, lower-case hex. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, {signal})) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** Writes a file so that it appears complete or not at all: to a neighbor first, then renamed over `path`. */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await mkdir(dirname(path), {recursive: true});
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, {force: true}).catch(() => {});
    throw fileError("file", path, path, "choose a folder that can be written to", cause);
  }
}

/**
 * Fills a folder so that it appears complete or not at all: `fill` gets an empty neighboring folder, which then takes
 * the place of `folder`. If `fill` throws, `folder` is as it was. With `keep`, a folder that `keep` approves of when
 * the new one is ready is kept and the new one dropped (another process was faster). Throws what `fill` throws, and a
 * WorkbookError of domain "file" if the system refuses.
 */
export async function writeFolderAtomically(
  folder: string,
  fill: (temporary: string) => Promise<void>,
  keep?: () => Promise<boolean>
): Promise<void> {
  const temporary = join(dirname(folder), `.${basename(folder)}.${randomUUID()}`);
  try {
    await mkdir(temporary, {recursive: true});
    await fill(temporary);
    for (let attempt = 0; ; ++attempt) {
      if (keep !== undefined && (await keep())) return;
      const old = `${temporary}.old`;
      await rename(folder, old).catch(ignore("ENOENT"));
      try {
        await rename(temporary, folder);
        return;
      } catch (error) {
        // Another process put its folder there between the two renames.
        if (attempt >= 4 || !hasCode(error, "ENOTEMPTY", "EEXIST")) throw error;
      } finally {
        await rm(old, {recursive: true, force: true});
      }
    }
  } catch (cause) {
    const refused = cause instanceof Error && "syscall" in cause;
    throw refused ? fileError("file", folder, folder, "choose a folder that can be written to", cause) : cause;
  } finally {
    await rm(temporary, {recursive: true, force: true}).catch(() => {});
  }
}

function ignore(...codes: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!hasCode(error, ...codes)) throw error;
  };
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

function fileError(
  domain: "model" | "file",
  what: string,
  path: string,
  remedy: string,
  cause: unknown
): WorkbookError {
  const missing = hasCode(cause, "ENOENT", "ENOTDIR");
  const system = cause instanceof Error && "code" in cause ? `the system says ${String(cause.code)}` : "it failed";
  const file = domain === "model" ? basename(path) : "the file";
  return new WorkbookError(
    {
      domain,
      code: missing ? "no-such-file" : "unreadable",
      fault: `${what}: ${file} cannot be used, ${missing ? "there is no such file" : system}`,
      remedy
    },
    {cause}
  );
}
