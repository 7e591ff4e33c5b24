import {spawn, spawnSync} from "node:child_process";
import {existsSync, writeFileSync} from "node:fs";
import {createServer} from "node:http";
import type {AddressInfo, Socket} from "node:net";
import {join} from "node:path";
import type {Browser, BrowserContext, BrowserContextOptions, Page} from "playwright-core";
import {serveSite} from "../../scripts/serve.js";
import {besideSite} from "./beside-site.js";
import {openChromium, sharedChromium, sharesChromium} from "./chromium.js";

/** Which site is opened, how it is served, and with what browser. */
export interface SiteUse {
  /** "dist": the built site on a static server; "preview": what `npm start` shows. */
  mode?: "dist" | "preview";
  /** Sub-path of the built site ("/repo/"); "/" unless told. */
  base?: string;
  /** Whether the server sends the headers of cross-origin isolation; preview does, unless a page says `noIsolation`, as pages here do then. */
  coi?: boolean;
  /** "none": a browser that has no service workers, so that only headers can isolate. */
  serviceWorkers?: "none";
  /** WebGPU over SwiftShader. */
  webgpu?: boolean;
  /** Folder of the site: the workbook itself unless told. */
  site?: string;
  /** Address of a site of ours that is served already. */
  at?: string;
  /** A folder that is served as it is, in place of a site of ours. */
  folder?: string;
  /** A browser that is open and stays open; else tests use the one that they share, but for WebGPU, and a program starts its own. */
  browser?: () => Browser;
}

/** Headers of a page that preview is to answer without those of isolation (scripts/site-config.ts). */
export const noIsolation = {"Workbook-Isolation": "none"};

/** A site that is being served, and a browser for it. */
export interface OpenSite {
  /** Address of the index page, with the sub-path, ending in "/". */
  readonly url: string;
  readonly browser: Browser;
  /** A page of a fresh context, watched. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** What went wrong so far; a test that provokes an error removes the line that it expects. */
  readonly faults: string[];
}

/**
 * Builds (once for all tests, and only if something changed) or starts the site, opens a browser, and calls `use`.
 * Throws afterwards if any page, worker or service worker asked another machine for anything, logged an error or a warning, threw
 * outside a handler, or got a failed answer. Requests to other machines are seen by a proxy, so nothing escapes it.
 */
export async function withSite(options: SiteUse, use: (site: OpenSite) => Promise<void>): Promise<void> {
  const faults: string[] = [];
  const outside = await recordOutside(faults);
  try {
    const served = await serve(options);
    try {
      const webgpu = options.webgpu ?? false;
      const stays = options.browser ?? (webgpu || !sharesChromium() ? undefined : sharedChromium);
      const browser = (await stays?.()) ?? (await openChromium({webgpu}));
      const contexts: BrowserContext[] = [];
      try {
        const newPage = async (more: BrowserContextOptions = {}) => {
          const proxy = {server: outside.address, bypass: "127.0.0.1"};
          const headers = options.mode === "preview" && options.coi !== true ? {extraHTTPHeaders: noIsolation} : {};
          const context = await browser.newContext({proxy, ...headers, ...more});
          // Of whatever is waited for; a busy machine may take its time.
          context.setDefaultTimeout(120_000);
          contexts.push(context);
          if (options.serviceWorkers === "none")
            await context.addInitScript("delete Navigator.prototype.serviceWorker");
          watch(context, served.url, faults);
          return await context.newPage();
        };
        await use({url: served.url, browser, newPage, faults});
      } finally {
        for (const context of contexts) await context.close();
        if (stays === undefined) await browser.close();
      }
    } finally {
      await served.stop();
    }
  } finally {
    outside.stop();
  }
  if (faults.length > 0) throw new Error(`the site did what it must not:\n${faults.join("\n")}`);
}

function watch(context: BrowserContext, url: string, faults: string[]): void {
  const {origin} = new URL(url);
  context.on("console", (message) => {
    const type = message.type();
    if (type === "error" || type === "warning")
      faults.push(`console ${type}: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => faults.push(`uncaught: ${error.error().stack ?? String(error.error())}`));
  context.on("request", (request) => {
    if (/^(https?|wss?):/.test(request.url()) && !request.url().startsWith(`${origin}/`)) {
      faults.push(`request to another origin: ${request.url()}`);
    }
  });
  context.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  context.on("requestfailed", (request) => {
    // Leaving or reloading a page (isolation does, once) ends what it was loading.
    const reason = request.failure()?.errorText ?? "";
    if (reason !== "net::ERR_ABORTED") faults.push(`failed: ${request.url()} ${reason}`);
  });
}

/** A site that is being served. */
export interface Served {
  /** Address of the index page, ending in "/". */
  url: string;
  stop(): Promise<void>;
}

/** Builds (only if something changed) or starts the site, and serves it. */
export async function serve({
  mode = "dist",
  base = "/",
  coi = false,
  site = ".",
  folder,
  at
}: SiteUse): Promise<Served> {
  if (at !== undefined) return {url: at, stop: () => Promise.resolve()};
  if (folder !== undefined) return await serveHere({root: folder});
  if (mode === "preview") {
    if (base !== "/") throw new Error(`preview is at "/" only, and base is "${base}"`);
    return await startPreview(["scripts/start.js", "--port", "0", "--site", site]);
  }
  build(site);
  return await serveHere({root: `${site}/dist`, base, coi});
}

/** The server of `npm run serve`, in this process: it can put files of a test beside the site. */
async function serveHere(options: {root: string; base?: string; coi?: boolean}): Promise<Served> {
  const {server, url} = await serveSite({...options, beside: besideSite});
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}

/** Builds a site if something changed; in a run of many tests (tests/setup.ts) that is asked once a site, since asking takes a second. */
function build(site: string): void {
  const {WORKBOOK_TEST_RUN: run, VITEST_MODE: mode} = process.env;
  const mark = run === undefined || mode !== "RUN" ? null : join(run, `built-${site.replaceAll(/\W/g, "-")}`);
  if (mark !== null && existsSync(mark)) return;
  const args = ["scripts/build.js", "--if-changed", "--site", site];
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {encoding: "utf8"});
  if (status !== 0) throw new Error(`the site could not be built:\n${stdout}${stderr}`);
  if (mark !== null) writeFileSync(mark, "");
}

/** Runs a preview of ours until it prints its address. */
function startPreview(args: string[]): Promise<Served> {
  const child = spawn(process.execPath, args, {stdio: ["ignore", "pipe", "pipe"]});
  let output = "";
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      const address = / at (http:\/\/\S+)\n/.exec(output);
      if (address === null) return;
      resolve({
        url: address[1],
        async stop() {
          child.kill("SIGTERM");
          await ended;
        }
      });
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`${args.join(" ")} ended (${code}) before it had an address:\n${output}`))
    );
  });
}

/** Chromium itself asks this for any page with a form; a page's own request there would still be seen as one. */
const autofill = "content-autofill.googleapis.com:443";

/** A proxy that lets nothing through and notes what was asked for. */
async function recordOutside(faults: string[]): Promise<{address: string; stop(): void}> {
  const server = createServer((request, response) => {
    faults.push(`request to another machine: ${request.url}`);
    response.writeHead(403).end();
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // The server lets go of a socket that asks to be connected; a browser that resets it then is no fault of the test.
    socket.on("error", () => socket.destroy());
  });
  server.on("connect", (request, socket) => {
    if (request.url !== autofill) faults.push(`connection to another machine: ${request.url}`);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  };
}
