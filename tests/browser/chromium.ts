import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {delimiter, join} from "node:path";
import {type Browser, chromium} from "playwright-core";

/** How the browser is started. */
export interface BrowserOptions {
  /** WebGPU over SwiftShader: slow, but there on any machine. */
  webgpu?: boolean;
}

/**
 * Path of a Chromium: $CHROMIUM, or one that is installed; as root on Debian, one is installed first. Throws with the ways
 * to get one where there is none: a browser test never passes without a browser.
 */
export function findChromium(): string {
  const chosen = process.env.CHROMIUM;
  if (chosen !== undefined && chosen !== "") {
    if (!existsSync(chosen))
      throw new Error(`CHROMIUM is "${chosen}", where there is no file: set it to a Chromium or Chrome`);
    return chosen;
  }
  const found = installed();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync("/etc/debian_version")) installOnDebian();
  const now = installed();
  if (now !== undefined) return now;
  throw new Error(
    "The browser tests need Chromium and found none: install it (Debian: apt-get install chromium; " +
      "elsewhere: Chromium or Chrome from its own site), or set CHROMIUM to its path"
  );
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
      ...graphics
    ]
  });
}

function installed(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter), "/snap/bin"];
  const applications = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
  ];
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...applications].find((path) =>
    existsSync(path)
  );
}

function installOnDebian(): void {
  process.stderr.write("Installing Chromium for the browser tests (apt-get), once …\n");
  const env = {...process.env, DEBIAN_FRONTEND: "noninteractive"};
  const install = ["install", "-y", "-qq", "--no-install-recommends", "chromium"];
  const run = (args: string[]) => spawnSync("apt-get", args, {env, encoding: "utf8"});
  if (run(install).status === 0) return;
  run(["update", "-qq"]);
  const {status, stderr} = run(install);
  if (status !== 0) process.stderr.write(`apt-get install chromium failed: ${stderr}\n`);
}
