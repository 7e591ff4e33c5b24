import type {Table} from "apache-arrow";
import {isAbort} from "../errors.js";
import {stageOfTable, tableOfStage, type TableName} from "../pipeline/events.js";
import type {Reuse} from "../pipeline/run-stored.js";
import {stageNames, type StageName} from "../types.js";
import {stageAddress} from "./chain.js";
import {chainStatus, noTable} from "./chain-status.js";
import {createChannel} from "./channel.js";
import {frameTable, type LiveFrame} from "./frame-table.js";
import {
  forgetIdle,
  idleStatus,
  isReady,
  isWanted,
  keptEntry,
  release,
  reopenEntry,
  settle,
  stageEntry,
  type StageEntry,
  type Waiter
} from "./stage-entry.js";
import {addFact, noFacts, type RunFacts} from "./run-facts.js";
import type {RunEvent, RunOrder, StageHost} from "./stage-host.js";
import type {StageDescription, StageRunner, Wish} from "./stage.js";
import type {ChainStatus} from "./status.js";
import {wishSignal} from "./wish-signal.js";

/** Descriptions of each stage that are remembered though nobody waits for them: the store has the others' tables. */
const mostKept = 8;

/**
 * Computes stages for a host, one run at a time. What several ask for is computed once, and one run goes down to the last stage
 * that is wanted of a chain, so that rows stream through it once. What callers are promised stands at `Stage`.
 */
export class StageScheduler implements StageRunner {
  readonly #host: StageHost;
  readonly #entries = new Map<string, StageEntry>();
  readonly #watchers = new Set<() => void>();
  /** By the address of the load stage: what its last run told. */
  readonly #facts = new Map<string, RunFacts>();
  #current: {chain: StageEntry[]; stop: AbortController} | null = null;
  #pumping = false;

  constructor(host: StageHost) {
    this.#host = host;
  }

  async table(stage: StageDescription, name: TableName, wish: Wish = {}): Promise<Table> {
    const signal = wishSignal(wish);
    signal?.throwIfAborted();
    const entry = this.#entry(stage);
    if (entry.stage.file !== stage.file) this.#openAnew(stage);
    entry.stage = stage;
    return entry.tables.get(name) ?? this.#wait(entry, name, signal);
  }

  async *live(stage: StageDescription, wish: Wish = {}): AsyncGenerator<Table, void> {
    const channel = createChannel<LiveFrame>();
    const stop = new AbortController();
    const signal = wishSignal(wish);
    const entry = this.#entry(stage);
    entry.listeners.add(channel.push);
    const whole = this.table(stage, tableOfStage[stage.name], {
      signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
    });
    whole.then(channel.end, channel.fail);
    try {
      for await (const frame of channel.values()) yield frameTable(frame);
      yield await whole;
    } finally {
      entry.listeners.delete(channel.push);
      stop.abort(nobodyWaits);
    }
  }

  async *watch(stage: StageDescription, wish: Wish = {}): AsyncGenerator<ChainStatus, void> {
    const channel = createChannel<null>(wishSignal(wish));
    const tell = () => channel.push(null);
    this.#watchers.add(tell);
    try {
      yield this.#status(stage);
      for await (const _ of channel.values()) yield this.#status(stage);
    } finally {
      this.#watchers.delete(tell);
    }
  }

  start(stage: StageDescription, {anew = false}: {anew?: boolean} = {}): void {
    for (const entry of this.#chain(stage)) release(entry, true);
    const entry = this.#entry(stage);
    Object.assign(entry, {stage, allowed: true, anew: anew || entry.anew});
    this.#changed();
    void this.#pump();
  }

  cancel(stage: StageDescription): void {
    if (this.#runs(this.#chain(stage))) this.#current!.stop.abort(new DOMException("canceled", "AbortError"));
  }

  #openAnew(stage: StageDescription): void {
    const chain = this.#chain(stage);
    const isFaulty = chain.some(({error}) => error !== null) && !this.#runs(chain);
    chain.forEach((entry) => reopenEntry(entry, stage.file, isFaulty));
    if (isFaulty) this.#changed();
  }

  #wait(entry: StageEntry, name: TableName, signal: AbortSignal | undefined): Promise<Table> {
    return new Promise<Table>((resolve, reject) => {
      const leave = () => {
        entry.waiters.delete(waiter);
        signal?.removeEventListener("abort", withdraw);
      };
      const waiter: Waiter = {
        table: name,
        resolve: (table) => (leave(), resolve(table)),
        reject: (error) => (leave(), reject(error))
      };
      const withdraw = () => {
        waiter.reject(signal!.reason);
        this.#endUnwanted();
      };
      signal?.addEventListener("abort", withdraw);
      entry.waiters.add(waiter);
      // Cells that are evaluated together ask together, and one run answers them all.
      setTimeout(() => void this.#pump(), 0);
    });
  }

  /** A run that nobody waits for any more ends; what it has finished is stored. */
  #endUnwanted(): void {
    const {chain, stop} = this.#current ?? {};
    if (chain?.some((entry) => entry.waiters.size > 0 || entry.anew) === false) stop!.abort(nobodyWaits);
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let tip = this.#next(); tip !== undefined; tip = this.#next()) await this.#serve(tip);
    } finally {
      this.#pumping = false;
    }
  }

  /** The last stage that is wanted of the chain of the first that is. */
  #next(): StageEntry | undefined {
    const ready = [...this.#entries.values()].filter(isReady);
    const below = ready.filter(({stage}) => this.#chain(stage).includes(ready[0]));
    return below.sort((a, b) => depth(b) - depth(a))[0];
  }

  async #serve(tip: StageEntry): Promise<void> {
    const chain = this.#chain(tip.stage);
    try {
      if (!tip.anew && !tip.sought && (await this.#lastAllowed(chain)) !== tip) await this.#seek(tip, chain);
      const last = await this.#lastAllowed(chain);
      const held = chain.filter((entry) => isReady(entry) && depth(entry) > (last === null ? -1 : depth(last)));
      for (const entry of held) entry.status = {...entry.status, state: "waiting"};
      if (last !== null) await this.#run(last, chain.slice(0, chain.indexOf(last) + 1));
    } catch (error) {
      if (error === nobodyWaits) this.#release(chain);
      else this.#fail(chain, error);
    } finally {
      forgetIdle(this.#entries, mostKept);
      for (const key of [...this.#facts.keys()].slice(0, -mostKept)) this.#facts.delete(key);
      this.#changed();
    }
  }

  /** Before a person is asked to let it run: takes what the store has, computing nothing. */
  async #seek(tip: StageEntry, chain: StageEntry[]): Promise<void> {
    tip.sought = true;
    await this.#host.run(this.#order(tip, chain, "only"), (event) => this.#hear(event, chain), never);
  }

  /** The last wanted stage that may begin unasked, or that a person let run. */
  async #lastAllowed(chain: StageEntry[]): Promise<StageEntry | null> {
    const missing = new Set(
      chain.filter(({stage, tables}) => !tables.has(tableOfStage[stage.name])).map(({stage}) => stage.name)
    );
    let last: StageEntry | null = null;
    for (const entry of chain.filter(isReady)) {
      const {allowed, ms} = await this.#host.permission(entry.stage, missing);
      entry.estimate = ms;
      if (allowed || entry.allowed || entry.anew) last = entry;
    }
    return last;
  }

  async #run(tip: StageEntry, chain: StageEntry[]): Promise<void> {
    const reuse = tip.anew ? "none" : "all";
    const stop = new AbortController();
    const facts = noFacts();
    const before = chain.map(keptEntry);
    this.#current = {chain, stop};
    this.#facts.delete(chain[0].stage.address);
    this.#facts.set(chain[0].stage.address, facts);
    for (const entry of chain) {
      Object.assign(entry, {error: null, canceled: false});
      if (entry.status.state !== "done" || tip.anew) entry.status = idleStatus(entry.stage.name);
      // Whoever asks from now on gets what this run makes.
      if (tip.anew) entry.tables.clear();
    }
    this.#host.mark?.(tip.stage.address);
    this.#changed();
    try {
      await this.#host.run(this.#order(tip, chain, reuse), (event) => this.#hear(event, chain, facts), stop.signal);
      const missing = chain.find(isWanted);
      // Whoever waits for a table that does not come would wait for good.
      if (missing !== undefined) throw noTable(missing.stage.name);
    } catch (error) {
      // What was there is still there if it is not made anew after all.
      if (tip.anew) before.forEach((kept) => kept.restore());
      throw stop.signal.reason === nobodyWaits ? nobodyWaits : error;
    } finally {
      this.#current = null;
      this.#host.mark?.(null);
      for (const entry of chain) entry.anew = false;
    }
  }

  #order({stage}: StageEntry, chain: StageEntry[], reuse: Reuse): RunOrder {
    return {until: stage, wanted: chain.filter(isWanted).map((entry) => entry.stage.name), reuse};
  }

  #hear(event: RunEvent, chain: StageEntry[], facts?: RunFacts): void {
    const at = (name: StageName) => chain.find((entry) => entry.stage.name === name);
    if (event.type === "table") {
      const entry = at(stageOfTable[event.name]);
      if (entry !== undefined) settle(entry, event.name, event.table);
    } else if (event.type === "progress") {
      const entry = at(event.stage);
      const {stage, state, done, total, ms, stored = false} = event;
      // That a stage was computed earlier is news only to whoever did not see it.
      if (entry !== undefined && !(stored && entry.status.state === "done")) {
        entry.status = {stage, state, done, total, ms, stored};
      }
    } else if (event.type === "batch" || event.type === "layout") {
      at(event.type === "batch" ? "embed" : "umap")?.listeners.forEach((tell) => tell(event));
    }
    if (facts !== undefined) addFact(facts, event);
    this.#changed();
  }

  /** A run that ended because nobody waited any more: somebody may again by now, and is served as before. */
  #release(chain: StageEntry[]): void {
    for (const entry of chain) if (entry.status.state !== "done") entry.status = idleStatus(entry.stage.name);
  }

  /** After a fault or Cancel whoever waits hears of it, or, where a person attends, waits for the next run. */
  #fail(chain: StageEntry[], error: unknown): void {
    const canceled = isAbort(error);
    const at = chain.find(({status}) => status.state !== "done") ?? chain[chain.length - 1];
    // What was to be computed once more is there as it was.
    if (at.status.state === "done" && !canceled) at.error = error;
    for (const entry of chain) {
      if (entry.status.state === "done" && !isWanted(entry)) continue;
      Object.assign(entry, {allowed: false, canceled, error: canceled || entry !== at ? null : error});
      const state = canceled || entry !== at ? (isWanted(entry) ? "waiting" : "idle") : "error";
      entry.status = {...entry.status, state};
      if (!this.#host.attended) [...entry.waiters].forEach((waiter) => waiter.reject(error));
    }
  }

  #entry(stage: StageDescription): StageEntry {
    const known = this.#entries.get(stage.address);
    if (known !== undefined) return known;
    const made = stageEntry(stage);
    this.#entries.set(stage.address, made);
    return made;
  }

  /** The entries of a stage's chain, load first. */
  #chain({file, chain, name}: StageDescription): StageEntry[] {
    return stageNames
      .slice(0, stageNames.indexOf(name) + 1)
      .map((each) => this.#entry({name: each, file, chain, address: stageAddress(file.identity, chain, each)}));
  }

  #runs(chain: StageEntry[]): boolean {
    return this.#current?.chain.some((entry) => chain.includes(entry)) === true;
  }

  #status(stage: StageDescription): ChainStatus {
    const chain = this.#chain(stage);
    return chainStatus(chain, this.#runs(chain), this.#facts.get(chain[0].stage.address));
  }

  #changed(): void {
    for (const tell of [...this.#watchers]) tell();
  }
}

const never = new AbortController().signal;
const depth = ({stage}: StageEntry): number => stageNames.indexOf(stage.name);
const nobodyWaits = new DOMException("nobody waits for it any more", "AbortError");
