import {isAbort} from "../core/errors.js";
import type {TableName} from "../core/pipeline/events.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import {dataSource} from "../views/data-source.js";
import {h, setText} from "../views/dom.js";
import {formatCount} from "../views/format.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {projectorFold} from "../views/projector-fold.js";
import {type BatchLog, batchLog} from "./batch-log.js";
import {choosesCounts, questionOf, rowsNow} from "./chapter-data.js";
import {type ChapterStanding, insteadOf} from "./chapter-instead.js";
import {keepOffer} from "./keep-offer.js";
import {openStatus, problemNotices} from "./opened-file.js";
import type {Session} from "./session.js";
import {stageCards} from "./stage-cards.js";
import {changesResults} from "./view-stages.js";
import {viewToAddress} from "./view-state.js";

/** What a chapter needs. */
export interface ChapterOptions {
  /** Last stage whose results the chapter shows, and to which its Run buttons run; left out by a chapter that needs a file only. */
  until?: "embed" | "umap";
  /** The demo is run by itself if nothing is stored of it; other files wait for a button. */
  runsDemo?: boolean;
}

/** When a figure is shown. */
export interface FigureNeeds {
  /** Shown as soon as a file is open, or has the chapter's results (the default). */
  needs?: "file" | "results";
  /** Why it cannot be shown of the open file; null if it can. */
  lacks?: () => string | null;
  /** It has something to show all the same. */
  keep?: () => boolean;
  /** Hidden without a word. */
  silent?: boolean;
}

/** The frame of a chapter. */
export interface Chapter {
  /** Its upper part: notices, the data, a line on what is shown with the way back, and the cards of a run. */
  readonly element: HTMLElement;
  readonly session: Session;
  /** Calls of the model in the last run. */
  readonly log: BatchLog;
  /** A figure, or where it cannot be shown a sentence that says why and the button that mends it. */
  instead(figure: HTMLElement, needs?: FigureNeeds): HTMLElement;
  /**
   * Runs a question in place of the one of the same `topic` before; its fault becomes a notice, an abort or another file nothing.
   * `failed` takes away what the answer before left on show, which is not an answer to this question.
   */
  ask(topic: string, task: (signal: AbortSignal) => Promise<void>, failed?: () => void): Promise<void>;
  /** Runs what is missing, or everything `anew`. Problems are shown; never rejects. */
  run(options?: {anew?: boolean}): Promise<void>;
  /** Opens the file that is open once more: a matrix was chosen that it was not looked at with. */
  reopen(): Promise<void>;
  /** Shows an error among the notices; one of canceling is none. */
  report(error: unknown): void;
  /** Ends the session too. */
  dispose(): void;
}

/**
 * The frame that all chapters share: it opens what the address names, says which file and cells are shown, lets another file be
 * opened, takes results from the store without computing, offers to run what is missing with progress and Cancel, and leads
 * back to the workbook with the same view. What the chapter itself listens for it must listen for before the next task.
 */
export function chapter(session: Session, {until, runsDemo = false}: ChapterOptions = {}): Chapter {
  const needed: TableName | null = until === undefined ? null : until === "umap" ? "umap" : "embeddings";
  const notices = noticeList();
  const source = dataSource({state: "nothing"});
  source.append(keepOffer(session));
  const cards = stageCards(() => session.cancel(), {}, {until});
  // Chapters that run nothing have no use for them; on the others their place is kept.
  cards.element.hidden = until === undefined;
  const words = h("p", {class: "wb-small wb-chapter-words", role: "status"});
  const runButton = h(
    "button",
    {type: "button", class: "wb-button wb-button-main", hidden: true, onclick: () => void run()},
    "Run"
  );
  const back = h("a", {class: "wb-chapter-back"}, "Back to the workbook");
  const element = h(
    "div",
    {class: "wb-workbook wb-chapter"},
    notices,
    projectorFold("File", source),
    h("div", {class: "wb-chapter-bar"}, words, runButton, back),
    cards.element
  );
  const places: ((standing: ChapterStanding) => void)[] = [];
  const asked = new Map<string, AbortController>();
  const log = batchLog(session);
  let stored = true;
  let turn = 0;
  /** Openings and looks into the store that go on. */
  let looking = 0;
  /** Cells chosen; null while they are not known. */
  let chosen: number | null = null;
  let counting = 0;
  /** The view has changed in mid-run: what the run makes is not all this view's, even if the change is undone. */
  let isOther = false;

  const ready = () => session.file !== null && (needed === null || session.results.has(needed));

  function standing(): ChapterStanding {
    const {file, running} = session;
    if (file === null) return looking > 0 ? {state: "looking"} : {state: "closed"};
    if (ready()) return {state: "ready"};
    if (running) return {state: "running"};
    if (looking > 0) return {state: "looking"};
    const fault = file.inspection.problems.find(({severity}) => severity === "error");
    if (fault !== undefined) return {state: "unusable", why: "The cells of this file cannot be embedded as they are."};
    return {
      state: "missing",
      why: until === "umap" ? "There is no map of these cells yet." : "These cells are not embedded yet."
    };
  }

  function refresh(): void {
    const now = standing();
    back.href = new URL(`${rootAddress()}${viewToAddress(session.view)}`, location.href).href;
    runButton.hidden = now.state !== "missing";
    setText(words, wordsOf(now));
    for (const show of places) show(now);
  }

  function wordsOf(now: ChapterStanding): string {
    if (session.running) return "Computing what this chapter shows.";
    if (now.state === "closed") return "No file is open.";
    if (now.state === "missing" || now.state === "unusable") return now.why;
    const cells = needed === null ? chosen : (session.rows?.length ?? session.file?.cellIds.length ?? null);
    if (now.state !== "ready" || cells === null) return "";
    const {matrix} = questionOf(session);
    const origin =
      needed === null
        ? ""
        : stored
          ? " Kept from an earlier run: nothing was computed here."
          : " Computed here just now.";
    return `${formatCount(cells, "cell")} of ${session.file!.name}, ${matrix === null ? "no matrix of counts" : `matrix ${matrix}`}.${origin}`;
  }

  /** Says of a chapter without results how many cells it speaks of. */
  async function count(): Promise<void> {
    const {file} = session;
    const mine = ++counting;
    chosen = null;
    refresh();
    if (file === null || needed !== null) return;
    const rows = await rowsNow(session, new AbortController().signal).catch(() => undefined);
    if (mine !== counting || rows === undefined) return;
    chosen = rows?.length ?? file.cellIds.length;
    refresh();
  }

  /** Looks for something, which the chapter waits for. */
  async function look<T>(work: () => Promise<T>): Promise<T> {
    looking += 1;
    refresh();
    try {
      return await work();
    } finally {
      looking -= 1;
      refresh();
    }
  }

  async function begin(open: () => Promise<OpenedFile>, name: string, size?: number): Promise<void> {
    const mine = ++turn;
    notices.update([]);
    source.update({state: "reading", name, size});
    stored = true;
    try {
      await look(open);
      if (mine === turn && runsDemo && session.view.data === "demo" && standing().state === "missing") await run();
    } catch (error) {
      if (mine !== turn) return;
      if (session.file !== null) {
        // What was wanted instead cannot be had: the file before is still open.
        tellOf(session.file);
        return report(error);
      }
      source.update(isAbort(error) ? {state: "nothing"} : {state: "error", name, error});
    }
  }

  async function run({anew = false}: {anew?: boolean} = {}): Promise<void> {
    if (session.running || session.file === null || until === undefined) return;
    const before = stored;
    isOther = false;
    stored = false;
    cards.reset();
    try {
      await session.run(until, {anew});
    } catch (error) {
      stored = before;
      if (isAbort(error)) {
        cards.canceled("canceled; finished cells are kept for the next run");
        return refresh();
      }
      report(error);
      cards.fail(error);
    }
    refresh();
    if (session.file !== null && isOther && !ready()) await again();
  }

  /** The view changed so that its results are others: those that are stored; else a map of vectors that are there, or the demo, is run at once, and vectors are offered. */
  async function again(): Promise<void> {
    cards.reset();
    stored = true;
    await look(() => session.restore()).catch(() => null);
    if (standing().state === "missing" && (session.results.has("embeddings") || session.view.data === "demo"))
      await run();
  }

  function report(error: unknown): void {
    if (!isAbort(error)) notices.add(noticeOf(error));
  }

  function tellOf(file: OpenedFile): void {
    source.update(openStatus(file, session.view.data === "demo"));
    problemNotices(file).forEach(notices.add);
    warn();
  }

  /** A matrix that was chosen although it holds no counts is never shown without a word. */
  function warn(): void {
    const {matrix} = questionOf(session);
    const verdict = session.file?.inspection.matrices.find(({name}) => name === matrix)?.evidence?.verdict;
    if (verdict === undefined || verdict === "counts") return notices.remove("not-counts");
    notices.add({
      severity: "warning",
      code: "not-counts",
      message: `${matrix} does not hold counts: it is ${verdict}`,
      remedy: "choose a matrix of counts under Load, or read what is shown as what would be done to these values"
    });
  }

  const stop = session.on({
    file(file) {
      for (const controller of asked.values()) controller.abort();
      asked.clear();
      cards.reset();
      if (file !== null) tellOf(file);
      void count();
    },
    event: (event) => cards.apply(event),
    notice: (notice) => notices.add(notice),
    running: refresh,
    // A view tells of lost results first, and of itself at once after.
    results: () => queueMicrotask(refresh),
    view(_, keys) {
      warn();
      if (choosesCounts.some((key) => keys.has(key))) void count();
      const isAnother = !keys.has("data") && changesResults(keys);
      isOther ||= isAnother && session.running;
      if (!ready() && !session.running && session.file !== null && isAnother) void again();
      else refresh();
    }
  });
  source.addEventListener("open", (event) => {
    const file = (event as CustomEvent<File>).detail;
    void begin(() => session.pick(file, file.name), file.name, file.size);
  });
  const demo = (): void => void begin(() => session.pickDemo(), "demo.h5ad");
  source.addEventListener("demo", demo);
  void begin(() => session.open(), session.view.name ?? "demo.h5ad");

  return {
    element,
    session,
    log,
    report,
    run,
    reopen: () => begin(() => session.reopen(), session.file!.name),
    instead(figure, {needs = "results", lacks = () => null, keep = () => false, silent = false} = {}) {
      const place = insteadOf(figure, {
        run: () => void run(),
        demo,
        silent,
        help: location.pathname.endsWith("/load") ? null : `${rootAddress()}stages/load`
      });
      places.push((now) => {
        const waits = needs === "results" && (now.state === "missing" || now.state === "unusable");
        const why = now.state === "closed" || session.file === null ? null : lacks();
        if (why !== null) place.show({state: "unusable", why}, false);
        else place.show(now, (now.state !== "closed" && !waits) || keep());
      });
      refresh();
      return place.element;
    },
    async ask(topic, task, failed = () => {}) {
      asked.get(topic)?.abort();
      const controller = new AbortController();
      asked.set(topic, controller);
      notices.remove(`${topic}-failed`);
      try {
        await task(controller.signal);
      } catch (error) {
        if (isAbort(error) || asked.get(topic) !== controller) return;
        failed();
        // What the file lacks was told when it was opened, with the way out that fits it.
        const isKnown = session.file?.inspection.problems.some(({code}) => code === noticeOf(error).code) === true;
        if (!isKnown) notices.add({...noticeOf(error), code: `${topic}-failed`});
      }
    },
    dispose() {
      turn += 1;
      stop();
      log.stop();
      source.dispose();
      session.dispose();
    }
  };
}

/** Relative address of the workbook's first page from a chapter's. */
function rootAddress(): string {
  return document.querySelector<HTMLAnchorElement>("#observablehq-sidebar a[href]")?.getAttribute("href") ?? "./";
}
