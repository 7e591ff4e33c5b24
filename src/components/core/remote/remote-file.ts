import {isWorkbookError} from "../errors.js";
import {checkRange} from "./check-range.js";
import type {KnownFile} from "./check-range.js";
import type {HttpAnswer, HttpRequest} from "./http-request.js";
import type {RangeReader} from "./range-reader.js";
import type {RemoteFaults} from "./remote-faults.js";
import {backoff} from "./retry.js";
import type {Patience} from "./retry.js";

/** Bytes that are read when a file is opened: the header of a safetensors file lies in them. */
const headBytes = 1 << 16;
/** Most bytes of a file that is read whole. */
const mostWhole = 1 << 27;

/** How to reach a host. */
export interface Remote {
  request: HttpRequest;
  patience: Patience;
  /** What is thrown where the host does not behave. */
  faults: RemoteFaults;
}

/** A file on a host, read by range. */
export interface RemoteFile extends RangeReader {
  /** What changes when the file does: its ETag, else its time of change; "" where the host says nothing of the kind. */
  readonly version: string;
  /** Address that answered first, after redirects. */
  readonly answered: string;
  /** Throws "changed" if the file is not as it was when it was opened. One request. */
  requireUnchanged(signal?: AbortSignal): Promise<void>;
}

/**
 * Opens a file on a host by reading its first bytes by range; null if there is none. Ranges are verified against what the
 * host says of them, and each answer must be of the same version and length. A connection that drops, stalls, or a host that is
 * busy is tried again, from the byte where it was. Throws what `faults` has.
 */
export async function openRemoteFile(
  remote: Remote,
  name: string,
  address: string,
  signal?: AbortSignal
): Promise<RemoteFile | null> {
  const {patience, faults} = remote;
  let known: KnownFile | undefined;
  let answered = address;

  /** Bytes `start` to `end`, or to the file's end where that comes first; null if there is no such file. */
  async function fetchRange(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    let bytes = new Uint8Array(end - start);
    let at = start;
    for (let failed = 0; at < end;) {
      signal?.throwIfAborted();
      const attempt = await ask(remote, address, {range: `bytes=${at}-${end - 1}`}, signal);
      if (attempt.answer !== undefined) {
        const {answer} = attempt;
        if (answer.status === 404) return release(answer, null);
        if (answer.status === 200) await release(answer, faults.noRanges(answer), true);
        if (answer.status !== 206) await release(answer, faults.unexpected(address, answer.status), true);
        try {
          known = checkRange(answer, {at, end, address, known, faults});
        } catch (error) {
          await release(answer, error, true);
        }
        answered = answer.address;
        end = Math.min(end, known!.byteLength);
        bytes = bytes.subarray(0, end - start);
        const before = at;
        try {
          for await (const chunk of unstalled(answer.body(), patience.stall)) {
            if (at + chunk.byteLength > end) throw faults.tooMuch(address, `${start} to ${end - 1}`);
            bytes.set(chunk, at - start);
            at += chunk.byteLength;
          }
        } catch (error) {
          await release(answer, error, isWorkbookError(error) || signal?.aborted === true);
          attempt.cause = error;
        }
        if (at > before) failed = 0;
      }
      if (at >= end) break;
      if (++failed >= patience.attempts) throw attempt.fault ?? faults.dropped(address, at, failed, attempt.cause);
      await patience.wait(backoff(patience, failed, attempt.retryAfter), signal);
    }
    return bytes;
  }

  const head = await fetchRange(0, headBytes, signal);
  if (head === null) return null;
  const {byteLength, version} = known!;
  return {
    name,
    byteLength,
    version,
    answered,
    async slice(start, end, signal) {
      if (end <= head.byteLength) return head.slice(start, end);
      if (start === end) return new Uint8Array(0);
      const bytes = await fetchRange(start, end, signal);
      if (bytes === null) throw faults.changed(address, "length", byteLength, null);
      return bytes;
    },
    async requireUnchanged(signal) {
      if ((await fetchRange(0, 1, signal)) === null) throw faults.changed(address, "length", byteLength, null);
    }
  };
}

/** A whole small file of a host; null if there is none. Tries again as `openRemoteFile` does, from its start. */
export async function readRemoteFile(
  remote: Remote,
  address: string,
  signal?: AbortSignal
): Promise<{bytes: Uint8Array<ArrayBuffer>; answer: HttpAnswer} | null> {
  const {patience, faults} = remote;
  for (let failed = 0; ;) {
    const attempt = await ask(remote, address, {}, signal);
    const {answer} = attempt;
    if (answer?.status === 404) return release(answer, null);
    if (answer !== undefined) {
      if (answer.status !== 200) await release(answer, faults.unexpected(address, answer.status), true);
      try {
        const chunks: Uint8Array[] = [];
        let size = 0;
        for await (const chunk of unstalled(answer.body(), patience.stall)) {
          if ((size += chunk.byteLength) > mostWhole) throw faults.tooLarge(address, mostWhole);
          chunks.push(chunk);
        }
        const promised = answer.header("content-encoding") === null ? answer.header("content-length") : null;
        if (promised === null || Number(promised) === size) return {bytes: joined(chunks, size), answer};
        attempt.cause = new Error(`${size} of ${promised} bytes came`);
      } catch (error) {
        await release(answer, error, isWorkbookError(error) || signal?.aborted === true);
        attempt.cause = error;
      }
    }
    if (++failed >= patience.attempts) throw attempt.fault ?? faults.dropped(address, 0, failed, attempt.cause);
    await patience.wait(backoff(patience, failed, attempt.retryAfter), signal);
  }
}

interface Attempt {
  /** An answer that is worth reading; undefined where it is to be tried again. */
  answer?: HttpAnswer;
  /** What to throw when patience is at its end. */
  fault?: Error;
  cause?: unknown;
  retryAfter: string | null;
}

async function ask(
  {request, patience, faults}: Remote,
  address: string,
  headers: Record<string, string>,
  signal?: AbortSignal
): Promise<Attempt> {
  let answer: HttpAnswer;
  try {
    answer = await request(address, headers, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (isWorkbookError(error) && error.code === "unreachable") return {fault: error, retryAfter: null};
    throw error;
  }
  const {status} = answer;
  if (status === 401 || status === 403) await release(answer, faults.refused(address, status), true);
  if (status !== 408 && status !== 425 && status !== 429 && status < 500) return {answer, retryAfter: null};
  const retryAfter = answer.header("retry-after");
  return release(answer, {fault: faults.busy(address, status, patience.attempts), retryAfter});
}

/** Drops an answer's body; then throws `value`, or returns it. */
async function release<T>(answer: HttpAnswer, value: T, thrown = false): Promise<T> {
  await answer.cancel().catch(() => {});
  if (thrown) throw value;
  return value;
}

/** The same chunks; rejects where none comes for `most` milliseconds. */
async function* unstalled(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const stalled = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no byte for ${most} ms`)), most);
      });
      const next = await Promise.race([source.next(), stalled]).finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    void Promise.resolve(source.return?.()).catch(() => {});
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
