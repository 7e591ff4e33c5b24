import {fstatSync, writeSync} from "node:fs";
import type {TerminalStream} from "./progress.js";

/** Standard output as the program needs it. */
export interface OutputStream {
  /** True where a person would see what is written. */
  isTTY?: boolean;
  /** Writes all of `data`; a promise that it gives rejects with the system's error where that cannot be done. */
  write(data: string | Uint8Array): unknown;
}

/** Where facts, tables and errors are written. */
export interface Streams {
  stdout: OutputStream;
  stderr: TerminalStream;
}

/**
 * This process's streams. A write to standard output settles when the system has taken every byte or refused one (a full
 * disk, a pipe that nobody reads), which Node by itself would make an exception without words, or for a file that the disk
 * has room for in part only, nothing at all. What cannot be said on standard error is not said.
 */
export function processStreams(): Streams {
  const {stdout, stderr} = process;
  for (const stream of [stdout, stderr]) stream.off("error", ignore).on("error", ignore);
  const write = (data: string | Uint8Array) =>
    isPlain(1)
      ? Promise.resolve(data).then(writePlain)
      : new Promise<void>((done, fail) => stdout.write(data, (error) => (error ? fail(error) : done())));
  return {stdout: {isTTY: stdout.isTTY, write}, stderr};
}

/** An error that a write has told already, or that cannot be told. */
function ignore(): void {}

/** A file or a device other than a terminal: written to directly, since Node's stream does not look whether all was taken. */
function isPlain(fd: number): boolean {
  if (process.stdout.isTTY) return false;
  const entry = fstatSync(fd);
  return entry.isFile() || entry.isCharacterDevice();
}

function writePlain(data: string | Uint8Array): void {
  const bytes = Buffer.from(data as string);
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
}
