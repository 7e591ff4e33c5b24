import {isAbort} from "../core/errors.js";
import type {TableName} from "../core/pipeline/events.js";
import type {StageName} from "../core/types.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import {dataSource} from "../views/data-source.js";
import {h} from "../views/dom.js";
import {formatCount} from "../views/format.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {keepOffer} from "./keep-offer.js";
import {openStatus, problemNotices} from "./opened-file.js";
import type {Session} from "./session.js";
import {stageCards} from "./stage-cards.js";
import {viewToAddress} from "./view-state.js";

/** What a chapter is made of. */
export interface ChapterOptions {
  /** Last stage whose results the chapter shows: what its Run button runs to. */
  until: StageName;
  /** Tables that must be at hand before `show` is called. */
  needs: readonly TableName[];
  /** The chapter's own figures; hidden until everything needed is there. */
  content: HTMLElement;
  /** Everything needed is there, for the first time or anew. It may be called many times. */
  show(session: Session, file: OpenedFile): void;
  /** Run by itself if nothing is stored (stages that take a moment); otherwise a button offers it. */
  eager?: boolean;
  /** A sentence on what is missing ("The model has not embedded these cells yet"). */
  missing?: string;
}

/** A chapter's element; call `dispose` when it leaves the page. */
export type Chapter = HTMLElement & {dispose(): void; readonly session: Session};

/**
 * The frame that chapters share: says which file and cells are shown and lets another file be opened, takes results from
 * the store without computing, offers to run what is missing with progress and Cancel, and leads back to the workbook
 * with the same view.
 */
export function chapter(session: Session, {until, needs, content, show, eager = false, missing}: ChapterOptions): Chapter {
  const notices = noticeList();
  const source = dataSource({state: "nothing"});
  source.append(keepOffer(session));
  const cards = stageCards(() => session.cancel());
  const words = h("p", {class: "wb-small wb-chapter-words", role: "status"});
  const runButton = h("button", {type: "button", class: "wb-button wb-button-main", hidden: true, onclick: () => void run()}, "Run");
  const back = h("a", {class: "wb-chapter-back"}, "Back to the workbook");
  const bar = h("div", {class: "wb-chapter-bar"}, words, runButton, back);
  cards.element.hidden = true;
  content.hidden = true;
  let stored = true;
  let turn = 0;

  const ready = () => session.file !== null && needs.every((name) => session.results.has(name));

  function refresh(): void {
    const file = session.file;
    back.href = new URL(`${rootAddress()}${viewToAddress(session.view)}`, location.href).href;
    content.hidden = !ready();
    runButton.hidden = file === null || ready() || session.running;
    if (file === null) words.textContent = "";
    else if (ready()) {
      const cells = session.rows?.length ?? file.cellIds.length;
      words.textContent = `${formatCount(cells, "cell")} of ${file.name}, matrix ${session.view.matrix ?? file.inspection.matrix.name ?? "none"}. ${stored ? "Kept from an earlier run: nothing was computed here." : "Computed here just now."}`;
    } else words.textContent = session.running ? "Computing what this chapter shows." : missing ?? "Nothing is stored of this file, these cells and parameters yet.";
    if (ready()) show(session, file!);
  }

  async function begin(open: () => Promise<OpenedFile>, name: string, size?: number): Promise<void> {
    const mine = ++turn;
    notices.update([]);
    source.update({state: "reading", name, size});
    try {
      const file = await open();
      if (mine !== turn) return;
      source.update(openStatus(file, session.view.data === "demo"));
      problemNotices(file).forEach(notices.add);
      stored = true;
      refresh();
      if (!ready() && eager) await run();
    } catch (error) {
      if (mine !== turn) return;
      if (isAbort(error)) {
        if (session.file === null) source.update({state: "nothing"});
        return;
      }
      source.update({state: "error", name, error});
      refresh();
    }
  }

  async function run(): Promise<void> {
    if (session.running) return;
    stored = false;
    cards.reset();
    cards.element.hidden = false;
    try {
      await session.run(until);
      cards.element.hidden = true;
    } catch (error) {
      if (isAbort(error)) cards.cancelled("cancelled; finished cells are kept for the next run");
      else {
        notices.add(noticeOf(error));
        cards.fail(noticeOf(error).message);
      }
    }
    refresh();
  }

  const stop = session.on({
    event: (event) => cards.apply(event),
    notice: (notice) => notices.add(notice),
    running: refresh,
    results: () => {
      if (!session.running) refresh();
    },
    view: (_, keys) => {
      if (!ready() && !session.running && session.file !== null && !keys.has("data") && [...keys].some((key) => !looks.has(key))) void again();
      else refresh();
    }
  });

  /** The view changed so that its results are others: those that are stored, or a new run. */
  async function again(): Promise<void> {
    await session.restore().catch(() => null);
    if (!ready()) await run();
    else refresh();
  }

  source.addEventListener("open", (event) => {
    const file = (event as CustomEvent<File>).detail;
    void begin(() => session.pick(file, file.name), file.name, file.size);
  });
  source.addEventListener("demo", () => void begin(() => session.pickDemo(), "demo.h5ad"));
  refresh();
  void begin(() => session.open(), session.view.name ?? "demo.h5ad");
  const element = h("div", {class: "wb-workbook wb-chapter"}, notices, source, bar, cards.element, content);
  return Object.assign(element, {
    session,
    dispose() {
      turn += 1;
      stop();
      source.dispose();
      session.dispose();
    }
  });
}

/** Fields of a view that change what is looked at, not what is computed. */
const looks = new Set(["colour", "cell", "data", "name"]);

/** Relative address of the workbook's first page from a chapter's. */
function rootAddress(): string {
  return document.querySelector<HTMLAnchorElement>("#observablehq-sidebar a[href]")?.getAttribute("href") ?? "./";
}
