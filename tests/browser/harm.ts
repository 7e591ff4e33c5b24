import type {Page} from "playwright-core";
import type {QuestionArguments, QuestionName} from "../../src/components/core/questions/index.js";
import type {StageName} from "../../src/components/core/types.js";

/** Puts a script before the code of every worker that pages of this tab's context start, by its number, from 1; call it before a page is opened. */
export async function beforeWorker(page: Page, script: string | ((worker: number) => string)): Promise<void> {
  let worker = 0;
  await page.context().route(/workbook\.worker[^/]*\.js(\?|$)/, async (route) => {
    const text = typeof script === "string" ? script : script(++worker);
    try {
      const response = await route.fetch();
      await route.fulfill({response, body: text + (await response.text())});
    } catch (error) {
      // A page that is closed needs no worker any more.
      if (!/disposed|closed/.test(String(error))) throw error;
    }
  });
}

/** Lets a message (milliseconds) on the channel "stall N" keep the context's worker number N busy, so that it hears nothing, as in a call of a large model. */
export async function letStall(page: Page): Promise<void> {
  await beforeWorker(
    page,
    (worker) => `new BroadcastChannel("stall ${worker}").onmessage = ({data}) => {
      for (const end = performance.now() + data; performance.now() < end;);
    };
    `
  );
}

/** Lets the browser refuse to keep files, in pages and in workers. */
export async function denyStorage(page: Page): Promise<void> {
  const deny = 'navigator.storage.getDirectory = () => Promise.reject(new DOMException("denied", "SecurityError"));\n';
  await page.context().addInitScript(deny);
  await beforeWorker(page, deny);
}

/** Keeps the workers of the tab's pages in `window.workers`; while `window.deadly`, a new one ends as soon as it has said something. */
export async function keepWorkers(page: Page): Promise<void> {
  await page.addInitScript(`
    window.workers = [];
    window.Worker = class extends Worker {
      constructor(address, options) {
        super(address, options);
        window.workers.push(this);
        if (window.deadly) this.addEventListener("message", () => this.terminate(), {once: true});
      }
    };
  `);
}

/** Ends the worker that the page has now, as a crash would. */
export async function killWorker(page: Page): Promise<void> {
  await page.evaluate("window.workers.at(-1).terminate()");
}

/** How many workers the page has started so far. */
export async function workersOf(page: Page): Promise<number> {
  return page.evaluate<number>("window.workers.length");
}

/** A question about a stage of the chain that a page shows. */
export interface PageQuestion<Name extends QuestionName = QuestionName> {
  stage: StageName;
  name: Name;
  args: QuestionArguments<Name>;
}

/**
 * Asks questions all at once, as cells of the page would, and tells of each its answer, or the words of the error. The worker is
 * killed "before" they are asked, "while" they are asked, or "always": every one that is started. As text, because the test's compiler would turn
 * the page's import into its own.
 */
export async function askPage(
  page: Page,
  asked: PageQuestion[],
  kill: "before" | "while" | "always" | null = null
): Promise<string[]> {
  return page.evaluate<string[]>(`(async () => {
    const kill = ${JSON.stringify(kill)};
    const {stage: tip} = document.querySelector(".wb-run");
    const preloads = [...document.querySelectorAll("link[rel=modulepreload]")].map(({href}) => href);
    const {ask} = await import(preloads.find((href) => /\\/notebook\\/index\\.[^/]*js/.test(href)));
    const plain = (key, value) => ArrayBuffer.isView(value) ? [...value] : value;
    const at = (name) => {
      let stage = tip;
      while (stage.name !== name) stage = stage.parent;
      return stage;
    };
    window.deadly = kill === "always";
    if (kill === "before") window.workers.at(-1).terminate();
    const answers = ${JSON.stringify(asked)}.map(({stage, name, args}) => ask(at(stage), name, args));
    const settled = Promise.allSettled(answers);
    if (kill === "while" || kill === "always") window.workers.at(-1).terminate();
    const words = (await settled).map(({value, reason}) => reason ? String(reason) : JSON.stringify(value, plain));
    window.deadly = false;
    return words;
  })()`);
}

/** Lets the browser remember that a sentence takes `ms` here, as a run on a slow device would. */
export async function rememberPace(page: Page, ms: number): Promise<void> {
  await page.evaluate(`(async () => {
    const preloads = [...document.querySelectorAll("link[rel=modulepreload]")].map(({href}) => href);
    const {model} = await import(preloads.find((href) => /\\/notebook\\/index\\.[^/]*js/.test(href)));
    localStorage.setItem("workbook-ms-per-cell", JSON.stringify([[(await model()).hash, ${ms}]]));
  })()`);
}
