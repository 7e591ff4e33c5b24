// A host of a folder's files in a thread of its own, since whoever reads them waits. The first part of a path says how it behaves; a message "stats" or "reset" is
// answered with what was asked and sent. Made for tests and for scripts/measure-remote.ts.
import {createReadStream, statSync} from "node:fs";
import {createServer} from "node:http";
import {join} from "node:path";
import {parentPort, workerData} from "node:worker_threads";

const told = {requests: 0, bytes: 0, headers: []};
const seen = new Map();

const server = createServer((request, response) => {
  const {pathname} = new URL(request.url, "http://localhost");
  const [, how, ...rest] = pathname.split("/");
  told.requests += 1;
  told.headers.push(request.headers);
  const before = seen.get(pathname) ?? 0;
  seen.set(pathname, before + 1);
  if (how !== "no-cors") {
    response.setHeader("access-control-allow-origin", "*");
    if (how !== "hidden") response.setHeader("access-control-expose-headers", "etag, content-range");
  }
  if (request.method === "OPTIONS") return void response.writeHead(204).end();
  if (how === "forbidden") return void response.writeHead(403).end();
  if (how === "busy" && before % 2 === 0) return void response.writeHead(503).end();
  if (how === "html") return void response.writeHead(200, {"content-type": "text/html; charset=utf-8"}).end("<html>");
  if (how === "moved") {
    const location = `http://localhost:${server.address().port}/plain/${rest.join("/")}`;
    return void response.writeHead(302, {location}).end();
  }
  if (how === "near") return void response.writeHead(302, {location: `/plain/${rest.join("/")}`}).end();
  let size;
  const path = join(workerData.folder, ...rest.map(decodeURIComponent));
  try {
    size = statSync(path).size;
  } catch {
    return void response.writeHead(404).end();
  }
  send({how, path, size, before}, request, response);
});

function send({how, path, size, before}, request, response) {
  response.setHeader("etag", how === "changing" && before >= workerData.changeAfter ? '"two"' : '"one"');
  if (how === "unversioned") response.removeHeader("etag");
  const range = how === "no-ranges" ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const start = range === null ? 0 : Number(range[1]);
  const end = range === null || range[2] === "" ? size - 1 : Math.min(Number(range[2]), size - 1);
  const length = end - start + 1;
  response.setHeader("content-length", length);
  if (range !== null) response.setHeader("content-range", `bytes ${start}-${end}/${size}`);
  response.writeHead(range === null ? 200 : 206);
  const cut = how === "drop" && before % 2 === 1 ? Math.ceil(length / 2) : length;
  setTimeout(
    () =>
      createReadStream(path, {start, end: start + cut - 1})
        .on("data", (chunk) => {
          told.bytes += chunk.length;
          response.write(chunk);
        })
        .on("end", () => (cut < length ? setTimeout(() => response.destroy(), 5) : response.end())),
    workerData.delay
  );
}

parentPort.on("message", (word) => {
  parentPort.postMessage(structuredClone(told));
  if (word === "reset") Object.assign(told, {requests: 0, bytes: 0, headers: []});
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(`http://127.0.0.1:${server.address().port}/`));
