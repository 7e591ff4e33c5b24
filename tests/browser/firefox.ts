import {createServer, request} from "node:http";
import type {AddressInfo} from "node:net";
import puppeteer, {type Browser} from "puppeteer-core";
import {findBrowser} from "./find-browser.js";
import type {Served} from "./harness.js";
import {shortManifest} from "../short-model.js";

/** Path of a Firefox. Throws as `findBrowser` does. */
export function findFirefox(): string {
  return findBrowser({
    name: "Firefox",
    variable: "FIREFOX",
    programs: ["firefox-esr", "firefox"],
    applications: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
    package: "firefox-esr",
    elsewhere: "Firefox from its own site"
  });
}

/** Starts a headless Firefox, which is driven over WebDriver BiDi: Playwright's own protocol needs a Firefox of its making. */
export function openFirefox(): Promise<Browser> {
  return puppeteer.launch({browser: "firefox", executablePath: findFirefox(), headless: true});
}

/**
 * Serves a site of ours once more, with sentences of `genes` genes (`shorten`) and a script before the code of the pipeline's workers: here no request is changed on its way, which would slow each
 * of them.
 */
export async function serveShort(site: Served, genes: number, script: string): Promise<Served> {
  const manifest = JSON.stringify(await shortManifest(genes));
  const server = createServer((asked, answer) => {
    const isManifest = asked.url?.startsWith("/data/model/manifest.json") ?? false;
    const isWorker = /workbook\.worker[^/]*\.js(\?|$)/.test(asked.url ?? "");
    const {method, headers} = asked;
    // A connection each: one that is kept may be closed by the site just as it is used again, and the page's request fails.
    const passed = request(new URL(asked.url ?? "/", site.url), {method, headers, agent: false}, (given) => {
      const {"content-length": _, ...rest} = given.headers;
      answer.writeHead(given.statusCode ?? 500, isManifest || isWorker ? rest : given.headers);
      if (isWorker) answer.write(script);
      if (isManifest) given.resume().on("end", () => answer.end(manifest));
      else given.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    // A page that is left ends what it was loading.
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await site.stop();
    }
  };
}
