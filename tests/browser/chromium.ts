import {type Browser, chromium} from "playwright-core";
import {findBrowser} from "./find-browser.js";

/** How the browser is started. */
export interface BrowserOptions {
  /** WebGPU over SwiftShader: slow, but there on any machine. */
  webgpu?: boolean;
}

/** Path of a Chromium. Throws as `findBrowser` does. */
export function findChromium(): string {
  return findBrowser({
    name: "Chromium",
    variable: "CHROMIUM",
    programs: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    applications: [
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    ],
    package: "chromium",
    elsewhere: "Chromium or Chrome from its own site"
  });
}

/**
 * Parts of Chromium that are turned off: two pages of its own that it else loads behind the address bar of every new context, in a process of
 * theirs (half a second of processor time each), a process that it starts for a page that may come (a third), and what Playwright turns off
 * itself, whose list this one replaces.
 */
const off = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "AimEnabled",
  "SpareRendererForSitePerProcess",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning"
];

let kept: Promise<Browser> | undefined;
let sharing = "__vitest_worker__" in globalThis;

/** Whether what opens sites in this process shares a Chromium: in tests, whose process ends it; not in scripts, where nobody would close it. */
export function sharesChromium(): boolean {
  return sharing;
}

/** Lets scripts that run one after another in this process share a Chromium, until the function that is returned closes it. */
export function shareChromium(): () => Promise<void> {
  sharing = true;
  return async () => {
    sharing = false;
    await (await kept)?.close();
  };
}

/**
 * The Chromium of this process, without WebGPU, which test files share one after another: starting one takes a second of processor time. Each test
 * has contexts of its own, which it closes; Playwright ends the browser with the process. Another is started if it died.
 */
export async function sharedChromium(): Promise<Browser> {
  const open = await kept?.catch(() => undefined);
  if (open?.isConnected() === true) return open;
  kept = openChromium();
  return kept;
}

/** Starts a headless Chromium that makes no connection of its own. */
export async function openChromium({webgpu = false}: BrowserOptions = {}): Promise<Browser> {
  const graphics = webgpu
    ? [
        "--enable-unsafe-webgpu",
        "--use-webgpu-adapter=swiftshader",
        "--enable-unsafe-swiftshader",
        "--enable-features=Vulkan"
      ]
    : ["--disable-gpu"];
  return await chromium.launch({
    executablePath: findChromium(),
    headless: true,
    chromiumSandbox: false,
    args: [
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
      `--disable-features=${off.join(",")}`,
      ...graphics
    ]
  });
}
