import {WorkbookError} from "../../core/errors.js";
import type {ModelFacts, OpenedFile, RunRequest, WorkerEvent} from "./protocol.js";
import type {ServiceAnswer, ServiceArguments, ServiceName} from "./services/index.js";
import type {StageName} from "../../core/types.js";
import {busy, noFile} from "./usage-errors.js";
import {proxy, startWorker, WorkerGone, type WorkerLink} from "./worker-link.js";

/** A file of the visitor, or the demo. */
export interface ClientFile {
  blob: Blob;
  name: string;
  matrix: string | null;
  geneColumn: string | null;
  /** Repairs of gene names, as in `PipelineParameters`; the certain ones unless told. */
  repair?: readonly string[];
  /** What `fileIdentity` says of it, if that is known: nobody looks twice. */
  identity?: string;
}

/** What a run tells beside its events. */
export interface RunListener {
  onEvent(event: WorkerEvent): void;
  onNotice(notice: {severity: "info" | "warning"; code: string; message: string}): void;
}

/** A run as a page asks for it. */
export type RunWish = Omit<RunRequest, "finished" | "reuse">;

/** How a service is asked. */
export interface AskOptions {
  /** Aborted when the answer is no longer wanted. */
  signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

const restarts = 2;
const patience = 300;
const runLock = "uce-workbook-run";

/**
 * The page's side of the worker: opens files, runs the chain, cancels, and goes on after the worker's death. One run at a
 * time, also across tabs. Vectors that a run finished are kept until another file, matrix or sampling is asked for, so
 * that a run begun again does not compute them twice.
 */
export class WorkbookClient {
  #link: WorkerLink | null = null;
  #file: ClientFile | null = null;
  /** The opening of the file by the worker there is; null: not asked for, or failed. */
  #opened: Promise<OpenedFile> | null = null;
  #opening: {given: boolean} | null = null;
  /** The last request whose vectors a worker has, and which. */
  #done: {request: RunWish; link: WorkerLink} | null = null;
  /** The taking of stored vectors into a worker that was started again. */
  #restoring: {link: WorkerLink; taken: Promise<unknown>} | null = null;
  #run: {canceled: boolean; stop: AbortController} | null = null;
  #finished = new Map<number, Float32Array>();
  #finishedOf = "";
  #tasks = 0;

  /** True while a run goes on or waits for another tab's. */
  get busy(): boolean {
    return this.#run !== null;
  }

  /** The embedded model's facts. Rejects with a WorkbookError if it cannot be loaded. */
  async model(): Promise<ModelFacts> {
    return this.#onWorker((link) => link.alive(link.remote.model()));
  }

  /**
   * Opens a file in place of the one that was open; one that is still being opened is given up. Rejects with a
   * WorkbookError, or an AbortError after `cancel`; the next file can be opened all the same.
   */
  async open(file: ClientFile): Promise<OpenedFile> {
    if (this.#run !== null) throw busy();
    this.#giveUpOpening();
    if (this.#link?.spoilt) this.#end();
    const mine = (this.#opening = {given: false});
    this.#file = file;
    this.#opened = null;
    this.#done = null;
    try {
      return await this.#open(this.#worker());
    } catch (error) {
      if (mine.given) throw canceled();
      throw error instanceof WorkerGone ? stoppedReading(file.name, error) : error;
    } finally {
      if (this.#opening === mine) this.#opening = null;
    }
  }

  /**
   * Runs the chain on the open file. Resolves when it is done; rejects with a WorkbookError, or an AbortError after
   * `cancel`. Another tab's run is waited for, and said. A worker that dies is started again, and the run goes on. `anew`:
   * nothing that is stored is used.
   */
  async run(request: RunWish, listener: RunListener, {anew = false}: {anew?: boolean} = {}): Promise<void> {
    if (this.#run !== null) throw busy();
    if (this.#file === null) throw noFile();
    const run = (this.#run = {canceled: false, stop: new AbortController()});
    try {
      await withRunLock(run.stop.signal, listener, () => this.#runToEnd(run, request, listener, anew));
    } finally {
      this.#run = null;
    }
  }

  /**
   * Tells what is stored of a run, as `run` would, and computes nothing. Answers with the last stage that is whole, null if
   * none is. Rejects with a WorkbookError, or an AbortError after `cancel`.
   */
  async restore(request: RunWish, listener: RunListener): Promise<StageName | null> {
    if (this.#run !== null) throw busy();
    if (this.#file === null) throw noFile();
    const run = (this.#run = {canceled: false, stop: new AbortController()});
    try {
      await this.#restoring?.taken.catch(() => {});
      const link = this.#worker();
      await this.#open(link);
      const onEvent = (event: WorkerEvent) => {
        if (!run.canceled) listener.onEvent(event);
      };
      const whole = await link.alive(link.remote.run({...request, reuse: "only", finished: null}, proxy(onEvent)));
      if (run.canceled) throw canceled();
      if (whole === "embed" || whole === "umap") this.#done = {request, link};
      return whole;
    } catch (error) {
      if (run.canceled) throw canceled();
      // Whatever is stored can be computed: a worker that dies here costs nothing.
      if (error instanceof WorkerGone) return null;
      throw error;
    } finally {
      this.#run = null;
    }
  }

  /**
   * Asks a service about the open file, whether or not a run goes on. A worker that has gone, or goes meanwhile, is started
   * again and asked once more: services change nothing. Rejects with a WorkbookError, with the signal's reason as soon as it
   * is aborted, or with an AbortError where another file is opened before the answer is there.
   */
  async ask<Name extends ServiceName>(
    name: Name,
    args: ServiceArguments<Name>,
    {signal, onProgress = () => {}}: AskOptions = {}
  ): Promise<ServiceAnswer<Name>> {
    signal?.throwIfAborted();
    const file = this.#file;
    if (file === null) throw noFile();
    let stop = () => {};
    const question = async (link: WorkerLink): Promise<ServiceAnswer<Name>> => {
      if (this.#file !== file) throw canceled();
      await this.#open(link);
      await this.#bringVectors(link);
      signal?.throwIfAborted();
      const task = ++this.#tasks;
      stop = () => void link.alive(Promise.resolve(link.remote.stop(task))).catch(() => {});
      return link.alive(link.remote.ask(task, name, args, proxy(onProgress)) as Promise<ServiceAnswer<Name>>);
    };
    const stopped = new Promise<never>((_, reject) => {
      signal?.addEventListener(
        "abort",
        () => {
          reject(signal.reason as Error);
          stop();
        },
        {once: true}
      );
    });
    return Promise.race([this.#onWorker(question), stopped]);
  }

  /**
   * Ends the run, or the opening of a file, within a second: asks first, and ends the worker if it is busy in a call of
   * the model.
   */
  cancel(): void {
    this.#giveUpOpening();
    const run = this.#run;
    if (run === null || run.canceled) return;
    run.canceled = true;
    run.stop.abort(canceled());
    const link = this.#link;
    if (link === null) return;
    void link.alive(Promise.resolve(link.remote.cancel())).catch(() => {});
    setTimeout(() => {
      if (this.#run !== run || this.#link !== link) return;
      this.#end();
      this.#worker(); // the next file or run does not wait for it
    }, patience);
  }

  /** Ends the worker; the client can be used again. */
  dispose(): void {
    this.cancel();
    this.#file = null;
    this.#end();
  }

  /** For tests of what happens when the GPU goes: destroys the device in use. */
  async loseDevice(): Promise<void> {
    await this.#link?.remote.loseDevice();
  }

  async #runToEnd(run: {canceled: boolean}, request: RunWish, listener: RunListener, anew: boolean): Promise<void> {
    if (anew) this.#finishedOf = "";
    this.#keepFor(request);
    for (let restart = 0; ; ++restart) {
      let at: WorkerLink | null = null;
      try {
        await this.#restoring?.taken.catch(() => {});
        const link = (at = this.#worker());
        await this.#open(link);
        const finished = this.#finishedRows(request.rows);
        const onEvent = (event: WorkerEvent) => {
          if (run.canceled) return;
          this.#remember(event);
          listener.onEvent(event);
        };
        // After a worker's death what this run has stored is used, whatever was asked for at first.
        const reuse = anew && restart === 0 ? "none" : "all";
        await link.alive(link.remote.run({...request, reuse, finished}, proxy(onEvent)));
        if (request.until === "embed" || request.until === "umap") this.#done = {request, link};
        return;
      } catch (error) {
        if (error instanceof WorkerGone && this.#link === at) this.#end();
        if (run.canceled) throw canceled();
        if (!(error instanceof WorkerGone)) throw error;
        if (restart >= restarts) {
          throw new WorkbookError(
            {
              domain: "encoder",
              code: "worker-gone",
              fault: `the worker stopped ${restarts + 1} times, perhaps for want of memory`,
              remedy: "choose fewer cells, close other tabs, and run again: what is finished is kept"
            },
            {cause: error}
          );
        }
        const kept = this.#finished.size;
        listener.onNotice({
          severity: "warning",
          code: "worker-restarted",
          message: `the worker stopped and was started again; ${kept} finished cells are kept`
        });
      }
    }
  }

  #worker(): WorkerLink {
    return (this.#link ??= startWorker());
  }

  #end(): void {
    this.#link?.end();
    this.#link = null;
    this.#opened = null;
  }

  /** The file in the worker, which opens it once however many wait for it. */
  async #open(link: WorkerLink): Promise<OpenedFile> {
    const {blob, name, matrix, geneColumn, repair, identity} = this.#file!;
    const opened = (this.#opened ??= link.alive(link.remote.open(blob, name, {matrix, geneColumn, repair, identity})));
    try {
      return await opened;
    } catch (error) {
      if (this.#opened === opened) this.#opened = null;
      if (error instanceof WorkerGone && this.#link === link) this.#end();
      throw error;
    }
  }

  /** The answer to a question that changes nothing: asked again, once, where the worker goes before it answers. */
  async #onWorker<Answer>(question: (link: WorkerLink) => Promise<Answer>): Promise<Answer> {
    for (let restart = 0; ; ++restart) {
      const link = this.#worker();
      try {
        return await question(link);
      } catch (error) {
        if (!(error instanceof WorkerGone)) throw error;
        if (this.#link === link) this.#end();
        if (restart >= 1) throw stoppedAnswering(error);
      }
    }
  }

  /** A worker that was started again takes the vectors of the run before from the store, if they are there. */
  async #bringVectors(link: WorkerLink): Promise<void> {
    const done = this.#done;
    if (done === null || done.link === link || this.#run !== null) return;
    if (this.#restoring?.link !== link) {
      const taken = link.alive(
        link.remote.run(
          {...done.request, reuse: "only", finished: null},
          proxy(() => {})
        )
      );
      this.#restoring = {link, taken};
      taken.then(
        () => {
          if (this.#done === done) this.#done = {...done, link};
        },
        () => {}
      );
    }
    // A store that cannot be read leaves the questions that need no vectors; the others say that there are none.
    await this.#restoring.taken.catch((error: unknown) => {
      if (error instanceof WorkerGone) throw error;
    });
  }

  /** Reading is synchronous and may wait for a slow disk, so what is under way is ended with its worker. */
  #giveUpOpening(): void {
    if (this.#opening === null) return;
    this.#opening.given = true;
    this.#opening = null;
    this.#end();
  }

  #keepFor({parameters, backend}: RunWish): void {
    const {matrix, geneColumn, repair, sampling, seeds, average} = parameters;
    const file = this.#file!;
    const key = JSON.stringify([
      file.name,
      file.blob.size,
      fileNumber(file.blob),
      matrix,
      geneColumn,
      repair,
      sampling,
      seeds,
      average,
      backend
    ]);
    if (key === this.#finishedOf) return;
    this.#finishedOf = key;
    this.#finished = new Map();
  }

  #remember(event: WorkerEvent): void {
    if (event.type !== "batch") return;
    event.rows.forEach((row, i) =>
      this.#finished.set(row, event.vectors.slice(i * event.width, (i + 1) * event.width))
    );
  }

  #finishedRows(wanted: Int32Array | null): RunRequest["finished"] {
    const rows =
      wanted === null ? Int32Array.from(this.#finished.keys()) : wanted.filter((row) => this.#finished.has(row));
    if (rows.length === 0) return null;
    const width = this.#finished.get(rows[0])!.length;
    const vectors = new Float32Array(rows.length * width);
    rows.forEach((row, i) => vectors.set(this.#finished.get(row)!, i * width));
    return {rows, vectors};
  }
}

const numbers = new WeakMap<Blob, number>();
let blobs = 0;

function fileNumber(blob: Blob): number {
  if (!numbers.has(blob)) numbers.set(blob, ++blobs);
  return numbers.get(blob)!;
}

/** Calls `work` while this tab holds the right to run; says so if another tab has it. */
async function withRunLock(signal: AbortSignal, {onNotice}: RunListener, work: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) return work();
  const free = await navigator.locks.request(runLock, {ifAvailable: true}, async (lock) => {
    if (lock !== null) await work();
    return lock !== null;
  });
  if (free) return;
  onNotice({
    severity: "info",
    code: "queued",
    message: "a run goes on in another tab of this workbook: this one begins when that is done"
  });
  await navigator.locks.request(runLock, {signal}, work);
}

function stoppedReading(name: string, cause: WorkerGone): WorkbookError {
  return new WorkbookError(
    {
      domain: "file",
      code: "worker-gone",
      fault: `the worker stopped while it opened ${name}, perhaps for want of memory`,
      remedy: "close other tabs and open the file again"
    },
    {cause}
  );
}

function stoppedAnswering(cause: WorkerGone): WorkbookError {
  return new WorkbookError(
    {
      domain: "encoder",
      code: "worker-gone",
      fault: "the worker stopped twice while it answered, perhaps for want of memory",
      remedy: "close other tabs and ask again: what is stored is kept"
    },
    {cause}
  );
}

function canceled(): DOMException {
  return new DOMException("canceled", "AbortError");
}
