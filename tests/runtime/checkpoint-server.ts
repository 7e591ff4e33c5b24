import {createServer} from "node:http";
import type {IncomingMessage, Server, ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";

/** One request, as a server that misbehaves sees it. */
export interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  /** Path without the leading slash. */
  path: string;
  /** The whole file; undefined where there is none. */
  bytes: Uint8Array | undefined;
  /** First byte and one past the last of the range that was asked for; null without one. */
  range: {start: number; end: number} | null;
  /** How many requests came before for this path. */
  before: number;
}

/** Answers a request in its own way and returns true, or leaves it to the server. */
export type Misbehavior = (asked: Asked) => boolean | void;

/** A local host of a checkpoint's files, which honors ranges. */
export interface CheckpointServer {
  /** Address that ends in "/". */
  address: string;
  /** Bytes of bodies sent so far. */
  sent: () => number;
  /** Paths asked for, in order. */
  asked: string[];
  close(): Promise<void>;
}

/** Serves files from memory on `port`, by default a free one. */
export async function serveCheckpoint(
  files: ReadonlyMap<string, Uint8Array>,
  misbehave: Misbehavior = () => false,
  port = 0
): Promise<CheckpointServer> {
  const asked: string[] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname.slice(1));
    const bytes = files.get(path);
    const before = asked.filter((name) => name === path).length;
    asked.push(path);
    const range = rangeOf(request, bytes);
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-expose-headers", "etag, content-range, x-repo-commit");
    const write = response.write.bind(response);
    response.write = ((chunk: Uint8Array, ...rest: []) => {
      sent += chunk.byteLength;
      return write(chunk, ...rest);
    }) as typeof response.write;
    if (misbehave({request, response, path, bytes, range, before}) !== true) answer(response, bytes, range);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sent: () => sent,
    asked,
    close: () => closed(server)
  };
}

/** An honest answer: 404, 206 with the range, or 200 with the whole file. */
export function answer(
  response: ServerResponse,
  bytes: Uint8Array | undefined,
  range: Asked["range"],
  headers: Record<string, string> = {}
): void {
  if (bytes === undefined) return void response.writeHead(404).end("not there");
  const {start, end} = range ?? {start: 0, end: bytes.byteLength};
  response.writeHead(range === null ? 200 : 206, {
    etag: '"one"',
    "accept-ranges": "bytes",
    "content-length": end - start,
    ...(range !== null && {"content-range": `bytes ${start}-${end - 1}/${bytes.byteLength}`}),
    ...headers
  });
  response.write(bytes.subarray(start, end));
  response.end();
}

function rangeOf(request: IncomingMessage, bytes: Uint8Array | undefined): Asked["range"] {
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  if (match === null || bytes === undefined) return null;
  return {start: Number(match[1]), end: Math.min(Number(match[2]) + 1, bytes.byteLength)};
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
