// npm start [-- --open] [--port N] [--site DIR]: the workbook on this machine, from a fresh clone on.
// Installs what is missing, makes the demo model where it is missing, starts Framework's preview, prints the address.
import {spawn} from "node:child_process";
import {createServer} from "node:net";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {ensureModel} from "./build.js";
import {ensureDependencies} from "./ensure.js";

const host = "127.0.0.1";

async function start() {
  const {values} = parseArgs({
    options: {open: {type: "boolean", default: false}, port: {type: "string"}, site: {type: "string", default: "."}}
  });
  ensureDependencies();
  if (values.site === ".") ensureModel();
  process.env.OBSERVABLE_TELEMETRY_DISABLE = "true";
  const port =
    values.port === undefined ? await freePort(3000) : await freePort(Number(values.port), Number(values.port));
  (await import("tsx/esm/api")).register();
  const {preview} = await import("@observablehq/framework/dist/preview.js");
  const {forgetWithEachPage, rememberAnswers} = await import("./remember-modules.js");
  hush();
  forgetWithEachPage();
  const {server} = await preview({
    config: join(values.site, "observablehq.config.ts"),
    hostname: host,
    port,
    open: false,
    verbose: false
  });
  rememberAnswers(server, join(values.site, "src"));
  const url = `http://${host}:${port}/`;
  // The first request compiles the packages that pages need: better before the address is shown than after.
  await fetch(url).then((response) => response.text());
  process.stdout.write(`Workbook at ${url}\n(Ctrl-C stops it)\n`);
  if (values.open) openBrowser(url);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
}

/** Framework notes each page that connects and each package that it compiles; neither is for whoever reads the address. */
function hush() {
  const {log} = console;
  console.log = (...words) => {
    if (!/socket (open|close)|→/.test(words.join(" "))) log(...words);
  };
}

/** The first free port from `first` on; 0 stands for any. Rejects if there is none up to `last`. */
async function freePort(first, last = first + 100) {
  for (let port = first; port <= last; port += 1) {
    const found = await new Promise((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(undefined));
      probe.listen(port, host, () => {
        const {port: taken} = probe.address();
        probe.close(() => resolve(taken));
      });
    });
    if (found !== undefined) return found;
  }
  throw new Error(
    first === last ? `port ${first} is taken: choose another with --port` : `no free port from ${first} to ${last}`
  );
}

function openBrowser(url) {
  const [command, ...rest] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", url]
        : ["xdg-open", url];
  spawn(command, rest, {stdio: "ignore", detached: true})
    .on("error", () => process.stderr.write(`no browser could be opened here: go to ${url}\n`))
    .unref();
}

try {
  await start();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
