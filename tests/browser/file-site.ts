import {afterAll, afterEach, beforeAll, expect} from "vitest";
import type {Browser} from "playwright-core";
import {openChromium, sharedChromium, type BrowserOptions} from "./chromium.js";
import {withSite, type OpenSite, type SiteUse} from "./harness.js";

/**
 * One site and one browser for all tests of a file or of a block in it, which take a second or two to start; the answer is for its tests. After
 * each test its pages are closed, and what went wrong in them fails it, as with `withSite`.
 */
export function fileSite(options: SiteUse | (() => SiteUse)): () => OpenSite {
  let site: OpenSite | undefined;
  let release = (): void => {};
  let ended: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    await new Promise<void>((started, failed) => {
      const use = typeof options === "function" ? options() : options;
      ended = withSite(use, (open) => {
        site = open;
        started();
        return new Promise((resolve) => (release = resolve));
      });
      ended.catch(failed);
    });
  });
  afterEach(async () => {
    for (const context of site?.browser.contexts() ?? []) await context.close();
    expect(site?.faults.splice(0), "what the site must not do").toEqual([]);
  });
  afterAll(async () => {
    release();
    await ended;
  });
  return () => {
    if (site === undefined) throw new Error("the site is open while tests run");
    return site;
  };
}

/** One browser for the tests of a file that open sites in many ways: the shared one, but for WebGPU; the answer is what `SiteUse` takes. */
export function fileBrowser({webgpu = false}: BrowserOptions = {}): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await (webgpu ? openChromium({webgpu}) : sharedChromium());
  });
  afterAll(() => (webgpu ? browser?.close() : undefined));
  return () => {
    if (browser === undefined) throw new Error("the browser is open while tests run");
    return browser;
  };
}
