import type {Page} from "playwright-core";
import type {QuestionArguments, QuestionName} from "../../src/components/core/questions/index.js";
import type {StageName} from "../../src/components/core/types.js";

/** Puts a script before the code of every worker that pages of this tab's context start; call it before a page is opened. */
export async function beforeWorker(page: Page, script: string): Promise<void> {
  await page.context().route(/workbook\.worker[^/]*\.js(\?|$)/, async (route) => {
    try {
      const response = await route.fetch();
      await route.fulfill({response, body: script + (await response.text())});
    } catch (error) {
      // A page that is closed needs no worker any more.
      if (!/disposed|closed/.test(String(error))) throw error;
    }
  });
}

/** For each page: whether the next batch holds; how often one did; how many of these were let go on. */
export const holdingPage = (first: boolean) => `if (window.crossOriginIsolated) {
    window.hold = new Int32Array(new SharedArrayBuffer(12));
    window.hold[0] = ${Number(first)};
    window.Worker = class extends Worker {
      constructor(address, options) {
        super(address, options);
        if (String(address).includes("workbook.worker")) this.postMessage({hold: window.hold});
      }
    };
  }`;

/** For the worker of such a page. */
export const holdingWorker = `{
      let hold;
      addEventListener("message", (event) => {
        if (event.data?.hold === undefined) return;
        event.stopImmediatePropagation();
        hold = event.data.hold;
      });
      const post = MessagePort.prototype.postMessage;
      let batches = 0;
      MessagePort.prototype.postMessage = function (message, ...rest) {
        post.call(this, message, ...rest);
        const told = message?.argumentList?.[0]?.value;
        if (told?.type === "batch") ++batches;
        if (told?.type !== "progress" || told.stage !== "embed" || batches === 0) return;
        batches = 0;
        if (Atomics.compareExchange(hold, 0, 1, 0) === 0) return;
        const mine = Atomics.add(hold, 1, 1) + 1;
        for (let gone; (gone = Atomics.load(hold, 2)) < mine;) Atomics.wait(hold, 2, gone);
      };
    }
    `;

/**
 * Lets a test hold workers of the tab's context as soon as they have told of a batch: they hear nothing then, as in a call of a large model, and take no
 * processor's time. The first batch of each page's holds its worker, unless
 * `first` is false; see `held`, `holdNext`, `goOn`. Call it before a page is opened, of an isolated site.
 */
export async function holdBatches(page: Page, {first = true} = {}): Promise<void> {
  await page.context().addInitScript(holdingPage(first));
  await beforeWorker(page, holdingWorker);
}

/** Waits until a worker of the page is held, for the nth time since the page was opened. */
export async function held(page: Page, nth: number): Promise<void> {
  await page.waitForFunction((nth) => ((window as {hold?: Int32Array}).hold?.[1] ?? 0) >= nth, nth);
}

/** A page of either browser's. */
interface AnyPage {
  evaluate(script: string): Promise<unknown>;
}

/** Lets the next batch that a worker of the page tells of hold it. */
export async function holdNext(page: AnyPage): Promise<void> {
  await page.evaluate("Atomics.store(window.hold, 0, 1)");
}

/** Lets the worker that is held go on. */
export async function goOn(page: AnyPage): Promise<void> {
  await page.evaluate("Atomics.store(window.hold, 2, window.hold[1]), Atomics.notify(window.hold, 2)");
}

/** Lets the browser refuse to keep files, in pages and in workers. */
export async function denyStorage(page: Page): Promise<void> {
  const deny = 'navigator.storage.getDirectory = () => Promise.reject(new DOMException("denied", "SecurityError"));\n';
  await page.context().addInitScript(deny);
  await beforeWorker(page, deny);
}

/** Keeps the pipeline's workers of the tab's pages, without the processor's threads, in `window.workers`; while `window.deadly`, a new one ends as soon as it has said something. */
export async function keepWorkers(page: Page): Promise<void> {
  await page.addInitScript(`
    window.workers = [];
    window.Worker = class extends Worker {
      constructor(address, options) {
        super(address, options);
        if (!String(address).includes("workbook.worker")) return;
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
