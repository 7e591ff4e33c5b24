// A headless Chromium over a small server of its own: pages of the suite POST to /result what they found. Started without a driver's library, so that a machine
// with Node and a browser alone can run it.
import {spawn} from "node:child_process";
import {createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from "node:fs";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {extname, join, normalize} from "node:path";

export interface BrowserRun<T extends {kind: string}> {
  chromium: string;
  /** More arguments of Chromium ("--enable-unsafe-webgpu"). */
  flags: readonly string[];
  /** Folders whose files are served by their path below them; the first that has one answers. */
  roots: readonly string[];
  /** What the page reads from /plan.json. */
  plan: unknown;
  /** Milliseconds without any word after which the browser is ended. */
  patience: number;
  /** Memory is the resident memory of all of the browser's processes in MB. */
  tell(told: T, memory: number | null): void;
}

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json"
};

/** Resolves when the page is done; rejects where it says nothing for too long or the browser ends. */
export async function runInBrowser<T extends {kind: string}>({
  chromium,
  flags,
  roots,
  plan,
  patience,
  tell
}: BrowserRun<T>): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), "bench-browser-"));
  let browserPid = 0;
  let hear = (_: T): void => {};
  const server = createServer((request, response) => {
    for (const [name, value] of [
      ["Opener", "same-origin"],
      ["Embedder", "require-corp"]
    ])
      response.setHeader(`Cross-Origin-${name}-Policy`, value);
    const {pathname} = new URL(request.url!, "http://localhost");
    if (request.method === "POST") {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        response.writeHead(204).end();
        hear(JSON.parse(Buffer.concat(chunks).toString()) as T);
      });
      return;
    }
    if (pathname === "/plan.json")
      return void response.writeHead(200, {"Content-Type": types[".json"]}).end(JSON.stringify(plan));
    const name = normalize(decodeURIComponent(pathname === "/" ? "/index.html" : pathname));
    const path = roots.map((root) => join(root, name)).find((one) => existsSync(one) && statSync(one).isFile());
    if (path === undefined) return void response.writeHead(404).end();
    response.writeHead(200, {"Content-Type": types[extname(path)] ?? "application/octet-stream"});
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const {port} = server.address() as AddressInfo;
  const quiet = [
    "--headless=new",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update"
  ];
  const more = [
    "--disable-sync",
    "--disable-dev-shm-usage",
    `--user-data-dir=${profile}`,
    ...flags,
    `http://127.0.0.1:${port}/`
  ];
  const browser = spawn(chromium, [...quiet, ...more], {stdio: ["ignore", "ignore", "pipe"], detached: true});
  browserPid = browser.pid ?? 0;
  let log = "";
  browser.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-2000)));
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`Chromium ${why}; the end of its log: ${log}`));
      let timer = setTimeout(() => {}, 0);
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => fail(`said nothing for ${patience / 1000} s`), patience);
      };
      hear = (told) => {
        wait();
        tell(told, residentMemory(browserPid));
        if (told.kind === "done") resolve(clearTimeout(timer));
      };
      browser.on("error", ({message}) => fail(message));
      browser.on("exit", () => fail("ended"));
      wait();
    });
  } finally {
    await new Promise<void>((ended) => {
      if (browser.exitCode !== null || browser.pid === undefined) return ended();
      browser.removeAllListeners("exit");
      browser.once("exit", () => ended());
      process.kill(-browser.pid);
    });
    server.close();
    server.closeAllConnections();
    try {
      rmSync(profile, {recursive: true, force: true, maxRetries: 9});
    } catch {
      // A process of the browser that writes its last words takes the folder's removal from us; the system clears it.
    }
  }
}

/** Resident memory of a process and all below it in MB, from /proc; null where there is none. */
function residentMemory(root: number): number | null {
  if (!existsSync("/proc/self/statm")) return null;
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    const stat = read(`/proc/${name}/stat`);
    if (stat !== null) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isBelow(parents.get(pid)));
  let pages = 0;
  for (const pid of parents.keys())
    if (isBelow(pid)) pages += Number((read(`/proc/${pid}/statm`) ?? "0 0").split(" ")[1]);
  return Math.round((pages * 4096) / 1e6);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
