// Converts a full-size checkpoint (scripts/make-large-checkpoint.ts) in Chromium, on the page of the built site, from a local host; closes the tab once
// in the middle and goes on; compares the folded rows with a bundle that Node made of the same checkpoint. Prints what docs/model.md tells.
//   node --import tsx tests/bench/convert-in-browser.ts CHECKPOINT NODE_BUNDLE
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {widenStorage} from "../../src/components/core/model/widen-storage.js";
import {openChromium} from "../browser/chromium.js";
import {serve} from "../browser/harness.js";
import {storedTable} from "../browser/stored-table.js";
import {hostCheckpoint} from "./checkpoint-host.js";
import {peakOfTabs} from "./peak-of-tabs.js";

const [checkpoint, nodeBundle] = process.argv.slice(2);
if (nodeBundle === undefined) {
  console.error("usage: convert-in-browser.ts CHECKPOINT NODE_BUNDLE");
  process.exit(1);
}

const host = await hostCheckpoint(checkpoint);
const {url, stop} = await serve({coi: true});
const browser = await openChromium();
const page = await (await browser.newContext()).newPage();
const progress = page.locator(".wb-model-progress");
const agree = () => page.locator(".wb-model-consent .wb-button-main").click();
await page.goto(`${url}models`);
await page.locator(".wb-model-offers input[type=url]").first().fill(host.address);
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
console.log(`${(host.sent() / 1e6).toFixed(0)} MB sent; ${(peak / 1e6).toFixed(2)} GB resident at most in one tab`);
console.log(`${ours.length === nodes.length ? "as many" : "other"} folded values as Node's, ${apart} apart at most`);
await browser.close();
await stop();
host.close();
