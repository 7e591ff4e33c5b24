import {expect, test} from "vitest";
import {pagePolicy, writePolicies} from "../../scripts/content-policy.js";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileBrowser} from "./file-site.js";

const browser = fileBrowser();

const html = `<!DOCTYPE html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<script src="./self.js"></script>
<script type="module">
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
const tried = async (what) => { try { await what(); return true; } catch { return false; } };
const compiled = () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
window.done = {
  wasm: await tried(compiled),
  text: await tried(() => eval("1")),
  self: await tried(() => fetch("./data")),
  other: await tried(() => fetch("https://other.example/data"))
};
</script>
`;

/** What the page above could do, and what its policy refused, as a build of a site writes it. */
async function visited(closed: boolean): Promise<{done: object; broken: string[]; own: boolean; foreign: boolean}> {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  writeFileSync(join(folder, "index.html"), html);
  writePolicies(folder, closed);
  const body = readFileSync(join(folder, "index.html"), "utf8");
  rmSync(folder, {recursive: true});
  const context = await browser().newContext();
  const page = await context.newPage();
  const headers = {"Access-Control-Allow-Origin": "*"};
  await context.route("https://other.example/**", (route) => route.fulfill({body: "1", headers}));
  await context.route("https://site.example/**", (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === "/") return route.fulfill({body, contentType: "text/html"});
    return route.fulfill({body: "window.own = true;", contentType: "text/javascript"});
  });
  await page.goto("https://site.example/");
  await page.waitForFunction(() => "done" in window);
  const found = await page.evaluate(async () => {
    const add = (text: string) =>
      document.body.append(Object.assign(document.createElement("script"), {textContent: text}));
    add("window.foreign = true;");
    // Told in a task of its own.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const {done, broken, own, foreign} = window as unknown as {
      done: object;
      broken: string[];
      own?: boolean;
      foreign?: boolean;
    };
    return {done, broken, own: own === true, foreign: foreign === true};
  });
  await context.close();
  return found;
}

test("an open site's page runs what it was built with and fetches by address; it evaluates no text and runs no script that was added", async () => {
  expect(await visited(false)).toEqual({
    done: {wasm: true, text: false, self: true, other: true},
    broken: ["script-src", "script-src-elem"],
    own: true,
    foreign: false
  });
}, 60_000);

test("a closed site's page fetches from its own origin alone", async () => {
  expect(await visited(true)).toEqual({
    done: {wasm: true, text: false, self: true, other: false},
    broken: ["script-src", "connect-src", "script-src-elem"],
    own: true,
    foreign: false
  });
}, 60_000);

test("names the hash of each inline script once, and of no other", () => {
  const page = (scripts: string) => pagePolicy(scripts, false).match(/'sha256-[^']+'/g) ?? [];
  expect(
    page('<script>1</script><script src="a.js"></script><script type="module">2</script><script>1</script>')
  ).toEqual([
    "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='",
    "'sha256-1HNeOiZeFu7gP1lxi5tdAwGcB9i2xR+Q2jpmbuwTqzU='"
  ]);
});
