import {describe, expect, test, vi} from "vitest";
import {fileBrowser} from "./file-site.js";
import {askedBy, expectIndex} from "./first-visit.js";
import {type SiteUse, withSite} from "./harness.js";
import {begins, expectBuilds, expectLibraries, openIsolated, type ProbeWindow, ready} from "./probes-page.js";

// The first test of a fresh clone compiles every package that pages use, on two busy cores.
vi.setConfig({testTimeout: 180_000});

const ways: {name: string; use: SiteUse; isolated: boolean}[] = [
  {name: "the built site at /, isolated by its service worker", use: {}, isolated: true},
  {name: "the built site at /repo/, isolated by its service worker", use: {base: "/repo/"}, isolated: true},
  {name: "the built site at /, isolated by headers", use: {coi: true}, isolated: true},
  {name: "the built site at /repo/, not isolated", use: {base: "/repo/", serviceWorkers: "none"}, isolated: false}
];
/** Those that tests/browser/first-screen.test.ts visits from page to page. */
const visited = [ways[2], ways[3]];

const browser = fileBrowser();
/** One with an imitated GPU. */
const imitated = fileBrowser({webgpu: true});

test.each(ways.filter((way) => !visited.includes(way)))(
  "the workbook: $name opens, asks no other machine, logs no error, and needs few files",
  async ({use, isolated}) => {
    await withSite({...use, browser}, async ({url, newPage}) => {
      const page = await newPage();
      const asked = askedBy(page);
      await openIsolated(page, url, isolated);
      await expectIndex(page);
      await begins(page);
      // Of the built site a visitor loads few files, twice where isolation takes a reload.
      expect(asked.size, [...asked].join("\n")).toBeLessThan(60);
    });
  }
);

const fixture = "tests/browser/fixture";

describe("in a module worker", () => {
  test.each(ways)("every library works: $name; model files are found from a folder", async ({use, isolated}) => {
    const hasGpu = isolated && use.base === "/repo/";
    await withSite({...use, site: fixture, browser: hasGpu ? imitated : browser}, async ({url, newPage}) => {
      const page = await newPage();
      await ready(page, url, isolated);
      await expectLibraries(page, isolated);
      if (hasGpu) await expectBuilds(page);
      await ready(page, `${url}deep/page`, isolated);
      const weights = page.evaluate(() => (window as unknown as ProbeWindow).probes.model("weights.bin"));
      expect(await weights).toEqual([1, 2, 3]);
    });
  });
});

describe("the harness", () => {
  test("sees a request to another machine, a missing file, an error in the console and one that nothing caught", async () => {
    const run = withSite({site: fixture, serviceWorkers: "none", browser}, async ({url, newPage}) => {
      // A worker of a text, which the site's own policy would refuse.
      const page = await newPage({bypassCSP: true});
      await ready(page, url, false);
      await page.evaluate(async () => {
        await fetch("http://elsewhere.example/one").catch(() => undefined);
        await fetch("./missing").catch(() => undefined);
        console.error("said so");
        console.warn("doubted it");
        const source = `fetch("http://elsewhere.example/two").catch(() => undefined).finally(() => postMessage(0))`;
        const worker = new Worker(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));
        await new Promise((resolve) => (worker.onmessage = resolve));
        setTimeout(() => {
          throw new Error("caught by nobody");
        });
        await new Promise((resolve) => setTimeout(resolve, 100));
      });
    });
    const message = await run.then(
      () => "",
      (error: Error) => error.message
    );
    expect(message).toContain("another machine: http://elsewhere.example/one");
    expect(message).toContain("another machine: http://elsewhere.example/two");
    expect(message).toMatch(/404: .*missing/);
    expect(message).toContain("console error: said so");
    expect(message).toContain("console warning: doubted it");
    expect(message).toContain("caught by nobody");
  });
});
