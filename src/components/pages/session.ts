import {tableFromIPC, type Table} from "apache-arrow";
import type {CellQuality} from "../core/cells/quality.js";
import {isAbort, isWorkbookError, WorkbookError} from "../core/errors.js";
import {stageOfTable, type TableName} from "../core/pipeline/events.js";
import {readEmbeddings} from "../core/tables/embeddings.js";
import {stageNames, type StageName} from "../core/types.js";
import {
  type AskOptions,
  type ClientFile,
  WorkbookClient,
  type RunListener,
  type RunWish
} from "../runtime/browser/client.js";
import {identityOf, keptFile} from "../runtime/browser/kept-files.js";
import type {ModelFacts, OpenedFile, WorkerEvent} from "../runtime/browser/protocol.js";
import {busy, noFile} from "../runtime/browser/usage-errors.js";
import {keepFocus} from "../views/keep-focus.js";
import type {Notice} from "../views/notice-list.js";
import {keepView} from "./keep-view.js";
import {markedRun, markRun} from "./run-mark.js";
import {hasThresholds, rowsOfView} from "./session-rows.js";
import {firstStage, runOf} from "./view-stages.js";
import {defaultView, viewFromAddress, viewToAddress, type ViewState} from "./view-state.js";

/** What a session tells of; every member may be left out. */
export interface SessionListener {
  /** Another file is open, or none. */
  file?(file: OpenedFile | null): void;
  /** The view has changed; `keys` are the fields that differ. */
  view?(view: ViewState, keys: ReadonlySet<keyof ViewState>): void;
  /** Tables have come or gone (`session.results`). */
  results?(): void;
  /** An event of the run that goes on. */
  event?(event: WorkerEvent): void;
  notice?(notice: Notice): void;
  /** A run has begun or ended. */
  running?(running: boolean): void;
}

/**
 * What a page works with: the view that its address names, the file, the model, and the results of the view. Every page makes
 * one; what a run finished on one page is found by the others in the store. Chapters are framed by `chapter` (chapter.ts),
 * which opens, restores and offers to run.
 */
export interface Session {
  readonly client: WorkbookClient;
  /** What the address says. */
  readonly view: Readonly<ViewState>;
  /** The open file; null until `open`. */
  readonly file: OpenedFile | null;
  readonly model: ModelFacts | null;
  /** Rows of the cells chosen, ascending; null for all of the open file. */
  readonly rows: Int32Array | null;
  /** Tables of the view that are at hand, from the store or from a run. */
  readonly results: ReadonlyMap<TableName, Table>;
  readonly running: boolean;
  /** Name of the matrix that the view reads. */
  readonly matrix: string;
  /** True if a run of this view was cut off by leaving or reloading a page. */
  readonly interrupted: boolean;
  /** Drops the tables at hand, not what is stored. */
  forget(): void;
  /** Rows of the cells that have a vector, ascending; none before a run. */
  embeddedRows(): Int32Array;
  /** Changes the view and its address. Results that another view's parameters made are dropped, the others stay. */
  change(part: Partial<ViewState>): void;
  /**
   * Opens the file that the view names (the demo unless told) and takes its results from the store, as `pick` and the others
   * do. Rejects with a WorkbookError: "file-needed" if it is a local file that is not kept in this browser.
   */
  open(): Promise<OpenedFile>;
  /**
   * Opens a picked file in place of the view's. The view stays if it is the file that the view names; choices that are
   * another file's (matrix, cells, color, thresholds, columns) are undone otherwise. Rejects with a WorkbookError, or an AbortError if another
   * file is opened meanwhile.
   */
  pick(file: Blob, name: string): Promise<OpenedFile>;
  /** Opens the demo in place of the view's file, as `pick` does. */
  pickDemo(): Promise<OpenedFile>;
  /** Opens the file that is open once more, after `change` of matrix or gene column. */
  reopen(): Promise<OpenedFile>;
  /** The bytes of the open file; null if none is open. */
  readonly blob: Blob | null;
  /** Quality measures of all cells of the open file, measured once (a pass over its counts). Rejects as a service does. */
  quality(options?: AskOptions): Promise<CellQuality>;
  /**
   * Takes what the store has of the view, computing nothing; answers with the last stage that is whole, null if none is. Rejects
   * with an AbortError after `cancel`.
   */
  restore(): Promise<StageName | null>;
  /**
   * Runs what is missing of the view up to `until` ("umap"), or everything `anew`. Of a view that is changed meanwhile it goes on with the choices it
   * began with, and results that are no longer the view's are stored, not taken. Rejects with a WorkbookError, or an AbortError after `cancel`.
   */
  run(until?: StageName, options?: {anew?: boolean}): Promise<void>;
  cancel(): void;
  /** Listens; the answer ends it. */
  on(listener: SessionListener): () => void;
  /** Ends the worker. */
  dispose(): void;
}

const demoName = "demo.h5ad";

/** A session of a page: `demo` gives the embedded demo. It reads and writes the page's address. */
export function createSession({demo}: {demo: () => Promise<Blob>}): Session {
  const client = new WorkbookClient();
  const listeners = new Set<SessionListener>();
  const results = new Map<TableName, Table>();
  let view = viewFromAddress(location.search);
  let file: OpenedFile | null = null;
  let blob: Blob | null = null;
  let model: ModelFacts | null = null;
  let rows: Int32Array | null = null;
  let measured: {of: string; quality: CellQuality} | null = null;
  let stopping = new AbortController();
  /** The last taking from the store, and its number. */
  let restoring: Promise<unknown> = Promise.resolve();
  let asked = 0;
  let turn = 0;
  let running: Promise<void> | null = null;
  /** First stage whose results another choice in mid-run has made those of another view. */
  let outdated = Infinity;

  const keepers = [keepView(() => view), keepFocus()];
  const tell = (call: (listener: SessionListener) => void) => [...listeners].forEach(call);

  function change(part: Partial<ViewState>): void {
    const next = {...view, ...part};
    const changed = (Object.keys(next) as (keyof ViewState)[]).filter(
      (key) => JSON.stringify(next[key]) !== JSON.stringify(view[key])
    );
    if (changed.length === 0) return;
    view = next;
    history.replaceState(history.state, "", location.pathname + viewToAddress(view, location.search) + location.hash);
    const first = Math.min(...changed.map((key) => firstStage[key] ?? Infinity));
    // What is being taken from the store for the view before is not this view's.
    if (first < Infinity) asked += 1;
    if (running !== null) outdated = Math.min(outdated, first);
    forget(first);
    tell((listener) => listener.view?.(view, new Set(changed)));
  }

  /** Drops the tables of the stages from number `stage` on. */
  function forget(stage: number): void {
    if (stage === 0) rows = null;
    const gone = [...results.keys()].filter((name) => stageNames.indexOf(stageOfTable[name]) >= stage);
    gone.forEach((name) => results.delete(name));
    if (gone.length > 0) tell((listener) => listener.results?.());
  }

  function open(): Promise<OpenedFile> {
    return view.data === "demo"
      ? openBlob(demoBytes(), demoName, true)
      : openBlob(keptCopy(), view.name ?? "kept.h5ad", false);
  }

  async function demoBytes(): Promise<Blob> {
    return demo().catch((cause: unknown) => {
      throw new WorkbookError(
        {
          domain: "file",
          code: "demo-unreachable",
          fault: "the demo could not be fetched from the site that this page is of",
          remedy:
            "look whether this machine is online, and press Use the demo again; a file of your own needs no connection"
        },
        {cause}
      );
    });
  }

  async function keptCopy(): Promise<Blob> {
    const copy = await keptFile(view.data);
    if (copy !== null) return copy;
    throw new WorkbookError({
      domain: "file",
      code: "file-needed",
      fault: `this view is of ${view.name ?? "a file"}, which was never uploaded: it lies on the machine of whoever opened it`,
      remedy:
        "choose the file here once more, and the view is as it was; with a copy kept in this browser, pages open it by themselves"
    });
  }

  /** What is asked for last is opened, however long the bytes of what was asked for before are on their way. */
  async function openBlob(
    source: Blob | Promise<Blob>,
    name: string,
    isDemo: boolean,
    identity?: string
  ): Promise<OpenedFile> {
    const mine = ++turn;
    const current = () => {
      if (mine !== turn) throw anotherFile();
    };
    const next = await source;
    current();
    asked += 1;
    client.cancel();
    await running?.catch(() => {});
    await restoring;
    current();
    if (file !== null) {
      file = null;
      forget(0);
      tell((listener) => listener.file?.(null));
    }
    blob = next;
    const opened = await openAsChosen({blob: next, name, identity}, current);
    current();
    model ??= await client.model();
    current();
    file = opened;
    change(isDemo ? {data: "demo", name: null} : {data: opened.identity, name});
    tell((listener) => listener.file?.(opened));
    await restore();
    current();
    return opened;
  }

  /** Opens a file with the view's matrix and gene names, or, with a notice, without them if it has no such. */
  async function openAsChosen(
    given: Pick<ClientFile, "blob" | "name" | "identity">,
    current: () => void
  ): Promise<OpenedFile> {
    const {matrix, geneColumn, repair} = view;
    try {
      return await client.open({...given, matrix, geneColumn, repair});
    } catch (error) {
      current();
      const isChoice =
        isWorkbookError(error) &&
        ((matrix !== null && error.code === "no-matrix") || (geneColumn !== null && error.code === "no-column"));
      if (!isChoice) throw error;
      change({matrix: null, geneColumn: null});
      const opened = await client.open({...given, matrix: null, geneColumn: null, repair});
      tell((listener) =>
        listener.notice?.({
          severity: "warning",
          code: "choice-dropped",
          message: `the choice that came with the address was dropped: ${error.details.fault}`,
          remedy: "what the file itself suggests is taken; choose again under Matrix, or in the chapter on loading"
        })
      );
      return opened;
    }
  }

  /** A result that cannot be read is one that is not there. */
  function restore(): Promise<StageName | null> {
    const mine = ++asked;
    const now = restoring
      .then(async () => {
        if (mine !== asked || file === null || running !== null || client.busy) return null;
        const request = await wish("umap");
        const onEvent: RunListener["onEvent"] = (event) => {
          if (mine === asked) runListener.onEvent(event);
        };
        return client.restore(request, {...runListener, onEvent});
      })
      .catch((error: unknown) => {
        // Given up by a person, not by another view that is wanted instead.
        if (isAbort(error) && mine === asked) throw error;
        return null;
      });
    restoring = now.catch(() => null);
    return now;
  }

  /** Undoes what was chosen for another file, before it can be asked of this one. */
  function chooseData(data: string): void {
    if (data === view.data) return;
    const {matrix, geneColumn, repair, cells, color, cell, minCounts, minGenes, maxMito, labels, batches, origin} =
      defaultView;
    change({
      data,
      matrix,
      geneColumn,
      repair,
      cells,
      color,
      cell,
      minCounts,
      minGenes,
      maxMito,
      labels,
      batches,
      origin
    });
  }

  async function wish(until: StageName, signal?: AbortSignal): Promise<RunWish> {
    const {geneColumn, repair, sampling, seeds, average, neighbors, minDist, seed, epochs, backend} = view;
    const opened = file!;
    const found = hasThresholds(view) ? await quality({signal}) : null;
    signal?.throwIfAborted();
    if (file !== opened) throw anotherFile();
    rows = rowsOfView(opened, view, found);
    return {
      parameters: {matrix: matrixNow(), geneColumn, repair, sampling, seeds, average, neighbors, minDist, seed, epochs},
      rows,
      backend,
      until
    };
  }

  const matrixNow = (): string => view.matrix ?? file!.inspection.matrix.name ?? "X";

  async function quality(options: AskOptions = {}): Promise<CellQuality> {
    if (file === null) throw noFile();
    const {geneColumn, repair} = view;
    const of = JSON.stringify([file.identity, matrixNow(), geneColumn, repair]);
    if (measured?.of === of) return measured.quality;
    const found = await client.ask("quality", {matrix: matrixNow(), geneColumn, repair}, options);
    measured = {of, quality: found};
    return found;
  }

  const runListener: RunListener = {
    onNotice: (notice) => tell((listener) => listener.notice?.(notice)),
    onEvent(event) {
      // Stored they are, under the choices that the run began with; shown under others they would be wrong.
      if (
        (event.type === "table" || event.type === "layout") &&
        stageNames.indexOf(event.type === "table" ? event.stage : "umap") >= outdated
      )
        return;
      if (event.type === "table") {
        results.set(event.name, tableFromIPC(event.bytes));
        tell((listener) => listener.results?.());
      }
      tell((listener) => listener.event?.(event));
    }
  };

  async function runNow(until: StageName, anew: boolean): Promise<void> {
    const stop = (stopping = new AbortController());
    tell((listener) => listener.running?.(true));
    try {
      if (file === null) throw noFile();
      markRun(view);
      await restoring;
      outdated = Infinity;
      const request = await wish(until, stop.signal);
      await client.run(request, runListener, {anew});
    } finally {
      running = null;
      outdated = Infinity;
      markRun(null);
      tell((listener) => listener.running?.(false));
    }
  }

  return {
    client,
    get view() {
      return view;
    },
    get file() {
      return file;
    },
    get model() {
      return model;
    },
    get rows() {
      return rows;
    },
    results,
    get running() {
      return running !== null;
    },
    change,
    open,
    async pick(picked, name) {
      const mine = ++turn;
      // A file that cannot be read is told of by the worker.
      const identity = await identityOf(picked).catch(() => undefined);
      if (mine !== turn) throw anotherFile();
      chooseData(identity ?? "");
      try {
        return await openBlob(picked, name, false, identity);
      } catch (error) {
        // Neither a reload nor the next page can do anything with the address of a file that cannot be opened.
        if (file === null && blob === picked && !isAbort(error)) {
          chooseData("demo");
          change({name: null});
        }
        throw error;
      }
    },
    async pickDemo() {
      const mine = ++turn;
      // Where it cannot be fetched, the file that is open stays.
      const bytes = await demoBytes();
      if (mine !== turn) throw anotherFile();
      chooseData("demo");
      return openBlob(bytes, demoName, true);
    },
    async reopen() {
      if (file === null || blob === null) throw noFile();
      return openBlob(blob, file.name, view.data === "demo", file.identity);
    },
    restore,
    quality,
    get blob() {
      return blob;
    },
    run(until = "umap", {anew = false} = {}) {
      if (running !== null) return Promise.reject(busy());
      // A turn later, so that listeners who hear of the beginning find `running` set.
      return (running = Promise.resolve().then(() => runNow(until, anew)));
    },
    cancel() {
      stopping.abort();
      client.cancel();
    },
    get matrix() {
      return matrixNow();
    },
    get interrupted() {
      return markedRun() === runOf(view);
    },
    forget: () => forget(0),
    embeddedRows() {
      const table = results.get("embeddings");
      if (table === undefined) return new Int32Array(0);
      const {rows: all, index} = readEmbeddings(table);
      return index.map((place) => all[place]);
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose() {
      turn += 1;
      keepers.forEach((stop) => stop());
      client.dispose();
    }
  };
}

function anotherFile(): DOMException {
  return new DOMException("another file was opened", "AbortError");
}
