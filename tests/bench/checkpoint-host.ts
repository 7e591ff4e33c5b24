import {createReadStream, statSync} from "node:fs";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";

/** A local host of a checkpoint for pages of another origin. */
export interface CheckpointHost {
  /** Ends in "/". */
  address: string;
  /** Bytes that it has sent so far. */
  sent(): number;
  close(): void;
}

/** Serves a folder as a host for browsers has to: by range, with an ETag, its headers open to other origins. */
export async function hostCheckpoint(folder: string): Promise<CheckpointHost> {
  let sent = 0;
  const host = createServer((request, response) => {
    const path = join(folder, decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
    const bytes = statSync(path, {throwIfNoEntry: false})?.size;
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "range");
    response.setHeader("access-control-expose-headers", "etag, content-range");
    if (bytes === undefined) return void response.writeHead(404).end();
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const start = from === undefined ? 0 : Number(from);
    const end = from === undefined ? bytes - 1 : Math.min(Number(to), bytes - 1);
    const range = from === undefined ? {} : {"content-range": `bytes ${start}-${end}/${bytes}`};
    response.writeHead(from === undefined ? 200 : 206, {etag: '"one"', "content-length": end - start + 1, ...range});
    createReadStream(path, {start, end})
      .on("data", (chunk) => void (sent += chunk.length))
      .pipe(response);
  });
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(host.address() as AddressInfo).port}/`,
    sent: () => sent,
    close() {
      host.closeAllConnections();
      host.close();
    }
  };
}
