import type {Inspection} from "../../core/anndata/inspect.js";
import type {EngineOrder} from "../../core/engine/stage-engine.js";
import {WorkbookError} from "../../core/errors.js";
import type {QuestionAnswer, QuestionArguments, QuestionName} from "../../core/questions/index.js";
import type {Chain} from "../../core/stages/chain.js";
import type {FileFacts, InspectChoice} from "../../core/stages/file-facts.js";
import {memoryStore} from "../../core/store/object-store.js";
import type {StageName} from "../../core/types.js";
import {isolation} from "./isolation.js";
import type {BrowserSource, ModelFacts, WorkerEvent} from "./protocol.js";
import {withRunLock} from "./run-lock.js";
import {toldUntilOver} from "./told-until-over.js";
import {proxy, startWorker, WorkerGone, type WorkerLink} from "./worker-link.js";

/** How a question is asked. */
export interface AskOptions {
  /** Aborted when the answer is no longer wanted. */
  signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/** Deaths of the worker during one call, after which the call is given up. */
const mostRestarts = 2;
/** Milliseconds that a worker has to hear of a cancel before it is ended. */
const patience = 300;

/**
 * The page's side of the worker. Every call names its file and chain, so nothing is lost with a worker but what it was computing:
 * one that dies is started again and asked again, in one place (`#call`), and a run goes on from what it has stored.
 */
export class WorkbookClient {
  #link: WorkerLink | null = null;
  #tasks = 0;
  /** Results that the browser's storage does not take: here, they outlive a worker. */
  readonly #memory = memoryStore();

  /** The facts of a model (null: the workbook's own). Rejects with a WorkbookError if it cannot be loaded. */
  model(address: string | null = null): Promise<ModelFacts> {
    return this.#call((link) => link.remote.model(address), whileAnswering);
  }

  /** Opens a file. Rejects with a WorkbookError, or the signal's reason: reading may wait for a slow disk, so its worker is ended. */
  async open(
    source: BrowserSource,
    model: string | null = null,
    {signal, onProgress = () => {}}: AskOptions = {}
  ): Promise<FileFacts> {
    if (this.#link?.spoilt) this.#end();
    const end = () => this.#end();
    signal?.throwIfAborted();
    signal?.addEventListener("abort", end);
    try {
      const loss = {
        fault: `the worker stopped while it opened ${source.name}`,
        remedy: "close other tabs and open the file again",
        signal
      };
      return await toldUntilOver(onProgress, (tell) =>
        this.#call((link) => link.remote.open(source, model, proxy(tell)), loss)
      );
    } finally {
      signal?.removeEventListener("abort", end);
    }
  }

  /** The inspection of a file under another choice of matrix or gene names. Rejects with a WorkbookError. */
  inspect(source: BrowserSource, choice: InspectChoice, model: string | null = null): Promise<Inspection> {
    return this.#call((link) => link.remote.inspect(source, model, choice), whileAnswering);
  }

  /**
   * Runs a chain; answers with the last stage that is whole. Rejects with a WorkbookError, or with the signal's reason within a
   * second. Another tab's run is waited for, and said.
   */
  run(order: EngineOrder<BrowserSource>, onEvent: (event: WorkerEvent) => void, signal: AbortSignal) {
    const work = () => this.#runOnce(order, onEvent, signal);
    // What is only looked for in the store holds up nobody.
    return order.reuse === "only" ? work() : withRunLock(signal, onEvent, work);
  }

  /** Asks about a chain, whether or not a run goes on. Rejects with a WorkbookError, or the signal's reason at once. */
  ask<Name extends QuestionName>(
    source: BrowserSource,
    chain: Chain,
    name: Name,
    args: QuestionArguments<Name>,
    {signal, onProgress = () => {}}: AskOptions = {}
  ): Promise<QuestionAnswer<Name>> {
    signal?.throwIfAborted();
    return toldUntilOver(onProgress, (tell) =>
      this.#task(signal, null, (link, task) => {
        const answer = link.remote.ask(task, source, chain, name, args, proxy(tell));
        return answer as Promise<QuestionAnswer<Name>>;
      })
    );
  }

  /** Ends the worker; the next call starts another. */
  dispose(): void {
    this.#end();
  }

  #runOnce(order: EngineOrder<BrowserSource>, onEvent: (event: WorkerEvent) => void, signal: AbortSignal) {
    let started = 0;
    return this.#task<StageName | null>(signal, patience, (link, task) => {
      // After a worker's death what this run has stored is used, whatever was asked for at first.
      const reuse = order.reuse === "none" && started > 0 ? "all" : order.reuse;
      const isAgain = started++ > 0;
      if (isAgain) onEvent(restarted(null));
      const tell = (event: WorkerEvent) => {
        if (signal.aborted) return;
        onEvent(isAgain && event.type === "notice" && event.code === "resumed" ? restarted(event.message) : event);
      };
      return link.remote.run(task, {...order, reuse}, proxy(tell));
    });
  }

  /** A call that can be ended: it is told, and after `mercy` milliseconds its worker is ended (null: it is left alone). */
  async #task<Answer>(
    signal: AbortSignal | undefined,
    mercy: number | null,
    work: (link: WorkerLink, task: number) => Promise<Answer>
  ): Promise<Answer> {
    const task = ++this.#tasks;
    let at: WorkerLink | null = null;
    let over = false;
    const stopped = new Promise<never>((_, reject) => {
      signal?.addEventListener(
        "abort",
        () => {
          const link = at;
          if (link === null) return reject(signal.reason as Error);
          link.alive(Promise.resolve(link.remote.stop(task))).catch(() => {});
          if (mercy === null) return reject(signal.reason as Error);
          setTimeout(() => {
            if (!over && this.#link === link) this.#end();
            reject(signal.reason as Error);
          }, mercy);
        },
        {once: true}
      );
    });
    stopped.catch(() => {});
    const call = this.#call((link) => work((at = link), task), {...whileAnswering, signal});
    try {
      return await Promise.race([call, stopped]);
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    } finally {
      over = true;
    }
  }

  /** The one recovery: a call whose worker goes before it answers is made again on another, `mostRestarts` times. */
  async #call<Answer>(work: (link: WorkerLink) => Promise<Answer>, {fault, remedy, signal}: Loss): Promise<Answer> {
    await isolation();
    for (let restart = 0; ; ++restart) {
      signal?.throwIfAborted();
      const link = (this.#link ??= startWorker(this.#memory));
      try {
        return await link.alive(work(link));
      } catch (error) {
        if (!(error instanceof WorkerGone)) throw error;
        if (this.#link === link) this.#end();
        signal?.throwIfAborted();
        if (restart < mostRestarts) continue;
        throw new WorkbookError(
          {domain: "encoder", code: "worker-gone", fault: `${fault}, probably out of memory`, remedy},
          {cause: error}
        );
      }
    }
  }

  #end(): void {
    this.#link?.end();
    this.#link = null;
  }
}

/** What is said when a worker has gone too often. */
interface Loss {
  fault: string;
  remedy: string;
  signal?: AbortSignal;
}

const whileAnswering: Loss = {
  fault: `the worker stopped ${mostRestarts + 1} times`,
  remedy: "choose fewer cells or close other tabs, and try again: what is finished is kept"
};

/** That a worker died, once in a run; with what the next found finished, once it has looked. */
const restarted = (found: string | null): WorkerEvent => ({
  type: "notice",
  stage: "embed",
  severity: "warning",
  code: "worker-restarted",
  message: `The worker stopped and was started again; ${found ?? "finished cells are kept"}`
});
