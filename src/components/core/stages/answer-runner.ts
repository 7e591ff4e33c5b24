import type {Table} from "apache-arrow";
import {isAbort} from "../errors.js";
import {tableFromBytes} from "../tables/file.js";
import {detailsOf} from "./chain-status.js";
import {createChannel} from "./channel.js";
import type {AnswerComputer, AnswerDescription, AnswerStatus, Wish} from "./stage.js";
import {wishSignal} from "./wish-signal.js";

/** Has an answer computed once its stage's table is there, which `onBegin` is told; resolves to the bytes of its table. */
export type AskAnswer = (
  answer: AnswerDescription,
  options: {signal: AbortSignal; onBegin(): void; onProgress(done: number, total: number): void}
) => Promise<Uint8Array>;

/** What is known of the answer at one address. */
interface Entry {
  status: AnswerStatus;
  /** Under way or done; null before, and after it failed or was canceled. */
  found: Promise<Table> | null;
  waiting: number;
  stop: AbortController;
  watchers: Set<() => void>;
}

/** True for an answer that is under way. */
const isOpen = ({status: {state}}: Entry): boolean => state === "waiting" || state === "running";

/** Answers that are remembered though nobody waits for them. */
const mostKept = 16;

/**
 * Computes answers by asking their questions, each address once: those who ask while it is under way, or later, get the same table. One that
 * nobody waits for any more ends. What callers are promised stands at `Answer`.
 */
export class AnswerRunner implements AnswerComputer {
  readonly #ask: AskAnswer;
  readonly #entries = new Map<string, Entry>();

  constructor(ask: AskAnswer) {
    this.#ask = ask;
  }

  async table(answer: AnswerDescription, wish: Wish = {}): Promise<Table> {
    const signal = wishSignal(wish);
    signal?.throwIfAborted();
    const entry = this.#entry(answer);
    const found = entry.found ?? this.#begin(answer, entry);
    let leave = () => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal!.reason as Error);
      signal?.addEventListener("abort", leave, {once: true});
    });
    entry.waiting += 1;
    try {
      return await Promise.race([found, left]);
    } finally {
      signal?.removeEventListener("abort", leave);
      entry.waiting -= 1;
      if (entry.waiting === 0 && entry.found === found && isOpen(entry)) this.#end(entry, "idle");
    }
  }

  async *watch(answer: AnswerDescription, wish: Wish = {}): AsyncGenerator<AnswerStatus, void> {
    const channel = createChannel<null>(wishSignal(wish));
    const tell = () => channel.push(null);
    const {watchers} = this.#entry(answer);
    watchers.add(tell);
    try {
      yield this.#entry(answer).status;
      for await (const _ of channel.values()) yield this.#entry(answer).status;
    } finally {
      watchers.delete(tell);
    }
  }

  cancel(answer: AnswerDescription): void {
    const entry = this.#entry(answer);
    if (isOpen(entry)) this.#end(entry, "canceled");
  }

  #begin(answer: AnswerDescription, entry: Entry): Promise<Table> {
    const stop = new AbortController();
    const say = (status: Partial<AnswerStatus>) => {
      if (entry.stop === stop && !stop.signal.aborted) this.#say(entry, status);
    };
    entry.stop = stop;
    this.#say(entry, {state: "waiting", done: 0, total: 0, error: null});
    const found = this.#ask(answer, {
      signal: stop.signal,
      onBegin: () => say({state: "running"}),
      onProgress: (done, total) => say({done, total})
    }).then((bytes) => tableFromBytes(bytes, `the table of ${answer.name}`));
    entry.found = found;
    found.then(
      () => say({state: "done"}),
      (error: unknown) => {
        if (entry.found === found) entry.found = null;
        say(isAbort(error) ? {state: "canceled"} : {state: "error", error: detailsOf(error)});
      }
    );
    return found;
  }

  /** Whoever comes next begins anew, though what was ended may need a moment to notice. */
  #end(entry: Entry, state: "idle" | "canceled"): void {
    entry.found = null;
    this.#say(entry, {state, done: 0, total: 0});
    entry.stop.abort(new DOMException(state === "idle" ? "nobody waits for it any more" : "canceled", "AbortError"));
  }

  #say(entry: Entry, status: Partial<AnswerStatus>): void {
    entry.status = {...entry.status, ...status};
    for (const tell of [...entry.watchers]) tell();
  }

  #entry({address}: AnswerDescription): Entry {
    const known = this.#entries.get(address);
    const entry: Entry = known ?? {
      status: {state: "idle", done: 0, total: 0, error: null},
      found: null,
      waiting: 0,
      stop: new AbortController(),
      watchers: new Set()
    };
    // The one that was asked for last is kept longest.
    this.#entries.delete(address);
    this.#entries.set(address, entry);
    const idle = [...this.#entries].filter(([, {waiting, watchers}]) => waiting + watchers.size === 0);
    for (const [old] of idle.slice(0, Math.max(0, idle.length - mostKept)))
      if (old !== address) this.#entries.delete(old);
    return entry;
  }
}
