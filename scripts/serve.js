// npm run serve [-- --port N] [--base /repo/] [--coi] [--root dist]: the built site, on this machine only.
// Answers as a static host does: clean addresses, right types, ranges; --coi adds the headers of cross-origin isolation.
import {createReadStream, existsSync, statSync} from "node:fs";
import {createServer} from "node:http";
import {extname, join, resolve, sep} from "node:path";
import {pathToFileURL} from "node:url";
import {parseArgs} from "node:util";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".csv": "text/csv; charset=utf-8",
  ".txt": "text/plain; charset=utf-8"
};

/**
 * Starts a server on 127.0.0.1. `base` is the sub-path that the site is at; port 0 takes any free port. `beside` is asked first what stands at a path
 * below the base ({type, body, headers}), undefined where it is the site that knows. Resolves to the server and the site's address; rejects if the port is taken.
 */
export function serveSite({root = "dist", port = 0, base = "/", coi = false, beside = () => undefined} = {}) {
  const server = createServer((request, response) => {
    if (coi) {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
      response.setHeader("Referrer-Policy", "no-referrer");
    }
    response.setHeader("Cache-Control", "no-cache");
    if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
    const {pathname, search} = new URL(request.url, "http://localhost");
    if (`${pathname}/` === base) return void response.writeHead(302, {Location: `${base}${search}`}).end();
    const given = pathname.startsWith(base) ? beside(pathname.slice(base.length), request) : undefined;
    if (given !== undefined) {
      const {type, body, headers = {}} = given;
      return void response.writeHead(200, {"Content-Type": type, ...headers}).end(body);
    }
    const file = pathname.startsWith(base) ? find(resolve(root), pathname.slice(base.length)) : undefined;
    if (file === undefined) return void response.writeHead(404, {"Content-Type": "text/plain"}).end("not found");
    send(file, request, response);
  });
  return new Promise((resolved, rejected) => {
    server.once("error", rejected);
    server.listen(port, "127.0.0.1", () => resolved({server, url: `http://127.0.0.1:${server.address().port}${base}`}));
  });
}

function find(root, name) {
  let path;
  try {
    path = resolve(root, `./${decodeURIComponent(name)}`);
  } catch {
    return undefined;
  }
  if (path !== root && !path.startsWith(root + sep)) return undefined;
  const isFile = (candidate) => existsSync(candidate) && statSync(candidate).isFile();
  return [path, `${path}.html`, join(path, "index.html")].find(isFile);
}

function send(file, request, response) {
  const {size, mtimeMs} = statSync(file);
  // So that a browser that has the file is not sent it again.
  const tag = `"${size.toString(36)}-${mtimeMs.toString(36)}"`;
  response.setHeader("ETag", tag);
  if (request.headers["if-none-match"] === tag && request.headers.range === undefined)
    return void response.writeHead(304).end();
  response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
  response.setHeader("Accept-Ranges", "bytes");
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const start = range === null ? 0 : Number(range[1]);
  const end = range === null || range[2] === "" ? size - 1 : Math.min(Number(range[2]), size - 1);
  if (range !== null && (start >= size || end < start)) {
    return void response.writeHead(416, {"Content-Range": `bytes */${size}`}).end();
  }
  if (range !== null) response.setHeader("Content-Range", `bytes ${start}-${end}/${size}`);
  response.writeHead(range === null ? 200 : 206, {"Content-Length": size === 0 ? 0 : end - start + 1});
  if (request.method === "HEAD" || size === 0) return void response.end();
  createReadStream(file, {start, end})
    .on("error", () => response.destroy())
    .pipe(response);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const {values} = parseArgs({
    options: {
      port: {type: "string", default: "8080"},
      base: {type: "string", default: "/"},
      root: {type: "string", default: "dist"},
      coi: {type: "boolean", default: false}
    }
  });
  const base = `/${values.base}/`.replace(/\/+/g, "/");
  if (!existsSync(join(values.root, "index.html"))) {
    process.stderr.write(`${values.root} holds no built site: run npm run build first\n`);
    process.exit(1);
  }
  try {
    const {url} = await serveSite({root: values.root, port: Number(values.port), base, coi: values.coi});
    process.stdout.write(`${values.root} at ${url}\n`);
  } catch (error) {
    const taken = error.code === "EADDRINUSE";
    process.stderr.write(taken ? `port ${values.port} is taken: choose another with --port\n` : `${error.message}\n`);
    process.exit(1);
  }
}
