// How well the page's worker feeds a model that is quicker than reading: all cells of a file on the chapter "Embed" of the built site, whose worker is built anew here with a
// made-up device in place of the encoder (scripts/bench/waiting-encoder.ts). As scripts/measure-feeding.ts, in Chromium.
//   node --import tsx tests/bench/feeding-in-browser.ts FILE.h5ad [--ms 0.6] [--opens 500] [--repeats 3]
// `told`: the page shows that the last cell is done; `table`: it has the table of vectors; milliseconds after the device's last work.
import {basename, dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {build} from "esbuild";
import type {Page} from "playwright-core";
import {packagePlugin} from "../../scripts/package-plugin.js";
import type {DeviceUse} from "../../scripts/bench/waiting-encoder.js";
import {withSite} from "../browser/harness.js";

const {values: options, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    ms: {type: "string", default: "0.6"},
    opens: {type: "string", default: "500"},
    repeats: {type: "string", default: "3"}
  }
});
const [file] = positionals;
if (file === undefined) throw new Error("name a file of counts: feeding-in-browser.ts FILE.h5ad");
const msPerCell = Number(options.ms);
const here = dirname(fileURLToPath(import.meta.url));
const worker = await buildWorker();

await withSite({coi: true, serviceWorkers: "none"}, async (site) => {
  for (let i = 0; i < Number(options.repeats); ++i) {
    const page = await site.newPage();
    await page.route("**/workbook.worker*.js", (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: worker,
        headers: {"cross-origin-embedder-policy": "require-corp"}
      })
    );
    process.stdout.write(`${JSON.stringify(await measure(page, `${site.url}stages/embed`))}\n`);
    await page.context().close();
  }
});

/** The worker as the site has it, but for the device. */
async function buildWorker(): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [join(here, "../../src/components/runtime/browser/workbook.worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    define: {MS_PER_CELL: String(msPerCell), MS_TO_OPEN: String(Number(options.opens))},
    external: ["node:*"],
    logLevel: "error",
    plugins: [
      {
        name: "device",
        setup({onResolve}) {
          onResolve({filter: /\/encoder-choices\.js$/}, () => ({path: join(here, "feeding-device.ts")}));
        }
      },
      packagePlugin({name: "feeding-in-browser", version: "0"})
    ]
  });
  // The package has its data beside its modules, the site four folders up.
  return outputFiles[0].text.replaceAll(/"\.\/data\//g, '"../../../../data/');
}

/** Opens the file and embeds all of its cells. */
async function measure(page: Page, address: string): Promise<Record<string, unknown>> {
  const told = new Promise<DeviceUse>((resolve) => {
    page.on("console", (message) => {
      const [, use] = /^device (\{.*\})$/.exec(message.text()) ?? [];
      if (use !== undefined) resolve(JSON.parse(use) as DeviceUse);
    });
  });
  await page.goto(address);
  const name = page.locator(".wb-data-name");
  await page.setInputFiles(".wb-data input[type=file]", file);
  await name.filter({hasText: basename(file)}).waitFor();
  const all = page.locator(".wb-cells label").first().locator("input");
  await all.evaluate((radio: HTMLInputElement) => {
    radio.checked = true;
    radio.dispatchEvent(new Event("input", {bubbles: true}));
  });
  const run = page.locator(".wb-run .wb-button-main:enabled, [data-stage=embed][data-state=running]").first();
  await run.waitFor();
  if (await run.evaluate((element) => element.matches("button"))) await run.click();
  const {seen, table} = await page.evaluate(async () => {
    const seen: [number, number][] = [];
    for (;;) {
      const {state, done} = document.querySelector<HTMLElement>('[data-stage="embed"]')!.dataset;
      if (seen.at(-1)?.[1] !== Number(done)) seen.push([performance.timeOrigin + performance.now(), Number(done)]);
      if (state === "error") throw new Error(document.querySelector(".wb-run")!.textContent);
      if (state === "done") break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const {stage} = document.querySelector(".wb-run") as unknown as {stage: {table(): Promise<unknown>}};
    await stage.table();
    return {seen, table: performance.timeOrigin + performance.now()};
  });
  const use = await told;
  const [end, cells] = seen.at(-1)!;
  const [begin, first] = seen.find(([, count]) => 4 * count >= cells)!;
  const since = (at: number) => Math.round(at - use.timeOrigin - use.last);
  const percent = (share: number) => Number((100 * share).toFixed(1));
  return {
    cells,
    endToEnd: Number(((end - begin) / (cells - first)).toFixed(3)),
    share: percent((cells * msPerCell) / (end - use.timeOrigin - use.first)),
    later: percent(((cells - first) * msPerCell) / (end - begin)),
    device: {calls: use.calls, idle: Math.round(use.idle), longest: use.longest},
    afterLast: {told: since(end), table: since(table)}
  };
}
