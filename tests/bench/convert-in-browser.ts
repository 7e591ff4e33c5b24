// Converts a full-size checkpoint (scripts/make-large-checkpoint.ts) in Chromium, on the page of the built site, from a local host; closes the tab once
// in the middle and goes on; compares the folded rows with a bundle that Node made of the same checkpoint. Prints what docs/model.md tells.
//   node --import tsx tests/bench/convert-in-browser.ts CHECKPOINT NODE_BUNDLE
import {createReadStream, readFileSync, readdirSync, statSync} from "node:fs";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import {widenStorage} from "../../src/components/core/model/widen-storage.js";
import {openChromium} from "../browser/chromium.js";
import {serve} from "../browser/harness.js";
import {storedTable} from "../browser/stored-table.js";

const [checkpoint, nodeBundle] = process.argv.slice(2);
if (nodeBundle === undefined) {
  console.error("usage: convert-in-browser.ts CHECKPOINT NODE_BUNDLE");
  process.exit(1);
}

let sent = 0;
const host = createServer((request, response) => {
  const path = join(checkpoint, decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
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
const address = `http://127.0.0.1:${(host.address() as AddressInfo).port}/`;

/** Field of /proc/PID/status. */
const status = (pid: string, field: string): string =>
  new RegExp(`^${field}:\\s+(.*)$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";

/** Largest resident memory, in kB, that any renderer below this process had so far. */
function peakOfTabs(): number {
  let most = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer")) continue;
      let at = pid;
      while (at !== "0" && at !== String(process.pid)) at = status(at, "PPid");
      if (at !== "0") most = Math.max(most, parseInt(status(pid, "VmHWM")));
    } catch {
      // It has ended meanwhile.
    }
  }
  return most;
}

const {url, stop} = await serve({coi: true});
const browser = await openChromium();
const page = await (await browser.newContext()).newPage();
const progress = page.locator(".wb-model-progress");
const agree = () => page.locator(".wb-model-consent .wb-button-main").click();
await page.goto(`${url}models`);
await page.locator(".wb-model input[type=url]").first().fill(address);
await page.keyboard.press("Enter");
await page.locator(".wb-model-consent h3").waitFor();
let begun = performance.now();
let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, peakOfTabs())), 500);
await agree();
await page.locator('.wb-model-progress[data-step="fold"] p', {hasText: /^[2-9],\d{3} of/}).waitFor({timeout: 300_000});
const first = performance.now() - begun;
await page.reload();
await page.getByRole("button", {name: "Go on"}).first().click();
begun = performance.now();
await agree();
let step = "";
const steps: string[] = [];
while (!/[?&]model=/.test(page.url())) {
  const now = (await progress.getAttribute("data-step", {timeout: 1000}).catch(() => null)) ?? step;
  if (now !== step) steps.push(`${(step = now)} from ${Math.round((performance.now() - begun) / 1000)} s`);
  const notice = await page.locator(".wb-model .wb-notice[data-severity=error]").allTextContents();
  if (notice.length > 0) throw new Error(notice.join("\n"));
  await page.waitForTimeout(250);
}
const second = performance.now() - begun;
clearInterval(watch);
const hash = new URL(page.url()).searchParams.get("model")!;
const ours = await storedTable(page, hash);
const [{values: nodes}] = widenStorage(
  "table",
  Uint8Array.from(readFileSync(join(nodeBundle, "table.fp32.safetensors")))
);
const apart = ours.reduce((worst, value, i) => Math.max(worst, Math.abs(value - nodes[i])), 0);
console.log(
  `${browser.version()}: ${Math.round(first / 1000)} s up to the closed tab, then ${Math.round(second / 1000)} s (${steps.join(", ")})`
);
console.log(`${(sent / 1e6).toFixed(0)} MB sent; ${(peak / 1e6).toFixed(2)} GB resident at most in one tab`);
console.log(`${ours.length === nodes.length ? "as many" : "other"} folded values as Node's, ${apart} apart at most`);
await browser.close();
await stop();
host.close();
