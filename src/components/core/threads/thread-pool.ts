import type {FromThread, StartThread, ThreadPort, ThreadSetup} from "./messages.js";

/** How threads are started and waited for. */
export interface ThreadPoolOptions {
  /** Threads that are started. */
  count: number;
  start: StartThread;
  /** The last resort where none is left: called once, and not watched. */
  spare: StartThread;
  /** What a thread is set up with; `slot` is its number, `count` that of the spare one. A thread's place is nobody else's while the pool is open. */
  setup(slot: number): ThreadSetup;
  /** Milliseconds without a word from a thread that starts, and from one that computes, after which it is given up. */
  patience: {start: number; work: number};
}

/** A sentence that waits or is computed; `make` makes its rows, again where a thread dies with them. */
interface Job {
  make(): Float32Array<ArrayBuffer>;
  tries: number;
  /** True once it is answered or not wanted any more. */
  over: boolean;
  resolve(output: Float32Array): void;
  reject(error: Error): void;
}

interface Thread {
  port: ThreadPort;
  ready: boolean;
  job: Job | null;
  /** Begins the wait for the next word anew. */
  wait(): void;
  /** Ends it. */
  calm(): void;
}

/** Threads that a piece of work may take with it before it is given up. */
const mostTries = 2;

/** That no thread computes any more, or that work did not go through; what is wrong stands in the message. */
export class ThreadsFailed extends Error {}

/**
 * Threads that take work as they become idle. One that does not start or is silent for too long is given up, one that dies is missed: what it had is
 * done by another, and by the spare one where none is left. Work does not depend on which thread does it.
 */
export class ThreadPool {
  readonly #threads = new Set<Thread>();
  readonly #waiting: Job[] = [];
  readonly #started: Promise<void>;
  #open = true;
  #spared = false;
  #onStart!: {resolve(): void; reject(error: Error): void};

  constructor(private readonly options: ThreadPoolOptions) {
    this.#started = new Promise((resolve, reject) => (this.#onStart = {resolve, reject}));
    this.#started.catch(() => {});
    for (let slot = 0; slot < options.count; ++slot) this.#start(slot, options.start, options.patience);
    if (this.#threads.size === 0) this.#useSpare("none could be started");
  }

  /** Resolves when one thread can compute; rejects with ThreadsFailed where none can, the spare one included. */
  started(): Promise<void> {
    return this.#started;
  }

  /** Threads that compute or may still start. */
  get size(): number {
    return Math.max(1, this.#threads.size);
  }

  /** The output of a piece of work. Rejects with ThreadsFailed, or at once with the signal's reason. */
  run(make: Job["make"], signal?: AbortSignal): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      if (!this.#open) return reject(new ThreadsFailed("the threads were ended"));
      const over = (): void => {
        job.over = true;
        signal?.removeEventListener("abort", abort);
      };
      const job: Job = {
        make,
        tries: 0,
        over: false,
        resolve: (output) => (over(), resolve(output)),
        reject: (error) => (over(), reject(error))
      };
      const abort = (): void => {
        job.reject(signal!.reason as Error);
        this.#drop(job);
      };
      signal?.addEventListener("abort", abort, {once: true});
      this.#waiting.push(job);
      this.#hand();
    });
  }

  /** Ends all threads; work that waits or is under way rejects. */
  async close(): Promise<void> {
    this.#open = false;
    const threads = [...this.#threads];
    this.#threads.clear();
    for (const {job, calm} of threads) {
      calm();
      if (job !== null) this.#waiting.push(job);
    }
    this.#failAll("the threads were ended");
    await Promise.all(threads.map(({port}) => port.end()));
  }

  #start(slot: number, start: StartThread, patience: ThreadPoolOptions["patience"]): void {
    let port: ThreadPort;
    try {
      port = start();
    } catch {
      return;
    }
    const gone = (why: string): void => this.#lose(thread, why);
    const thread: Thread = {
      ...{port, ready: false, job: null, calm: () => {}},
      wait() {
        thread.calm();
        const longest = thread.ready ? patience.work : patience.start;
        thread.calm = whenSilent(longest, () => gone(`a thread said nothing for ${Math.round(longest / 1000)} s`));
      }
    };
    this.#threads.add(thread);
    port.listen((message) => this.#hear(thread, message), gone);
    thread.wait();
    const setup = this.options.setup(slot);
    try {
      port.post(setup, setup.contents === null ? [] : [setup.contents.buffer]);
    } catch (error) {
      gone(String(error));
    }
  }

  #hear(thread: Thread, message: FromThread): void {
    if (!this.#threads.has(thread)) return;
    if (message.kind === "busy") return thread.wait();
    thread.calm();
    if (!thread.ready) {
      if (message.kind !== "ready") return this.#lose(thread, message.kind === "failed" ? message.message : "confused");
      thread.ready = true;
      this.#onStart.resolve();
      return this.#hand();
    }
    const {job} = thread;
    thread.job = null;
    if (message.kind === "failed") job?.reject(new ThreadsFailed(message.message));
    else if (message.kind === "done" && message.output !== null) job?.resolve(message.output);
    this.#hand();
  }

  /** Gives waiting work to idle threads. */
  #hand(): void {
    for (const thread of this.#threads) {
      if (this.#waiting.length === 0) return;
      if (!thread.ready || thread.job !== null) continue;
      const job = this.#waiting.shift()!;
      thread.job = job;
      const input = job.make();
      thread.wait();
      thread.port.post({kind: "work", input}, [input.buffer]);
    }
  }

  /** A thread that is no more: its work goes to another. */
  #lose(thread: Thread, why: string): void {
    if (!this.#threads.delete(thread)) return;
    thread.calm();
    void Promise.resolve(thread.port.end()).catch(() => {});
    const {job} = thread;
    if (job !== null && !job.over) {
      if (++job.tries >= mostTries) job.reject(new ThreadsFailed(why));
      else this.#waiting.unshift(job);
    }
    if (this.#threads.size === 0) this.#useSpare(why);
    else this.#hand();
  }

  #useSpare(why: string): void {
    if (!this.#open) return;
    if (!this.#spared) {
      this.#spared = true;
      this.#start(this.options.count, this.options.spare, {start: Infinity, work: Infinity});
      if (this.#threads.size > 0) return;
    }
    this.#open = false;
    this.#failAll(why);
  }

  /** Forgets work that is not wanted any more; a thread that is at it hears so between two parts. */
  #drop(job: Job): void {
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    for (const thread of this.#threads) {
      if (thread.job === job) thread.port.post({kind: "cancel"}, []);
    }
  }

  #failAll(why: string): void {
    this.#onStart.reject(new ThreadsFailed(why));
    for (const job of this.#waiting.splice(0)) job.reject(new ThreadsFailed(why));
  }
}

/** Calls `act` after a time in which the answer was not called. In two halves: after a pause of the whole machine the other side has one of them left. */
function whenSilent(milliseconds: number, act: () => void): () => void {
  if (milliseconds === Infinity) return () => {};
  let timer = setTimeout(() => (timer = setTimeout(act, milliseconds / 2)), milliseconds / 2);
  return () => clearTimeout(timer);
}
