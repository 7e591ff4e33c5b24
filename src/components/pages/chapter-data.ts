import {isAbort} from "../core/errors.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import {dataSource} from "../views/data-source.js";
import {h} from "../views/dom.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {keepOffer} from "./keep-offer.js";
import {openStatus, problemNotices} from "./opened-file.js";
import {hasThresholds, rowsOfView} from "./session-rows.js";
import type {Session} from "./session.js";

/** The upper part of a chapter: which file is open, notices, another file. */
export interface ChapterData {
  element: HTMLElement;
  /** Runs a question in place of the one of the same `topic` before; its fault becomes a notice, an abort nothing. */
  ask(topic: string, task: (signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Opens what the address names, and asks for the file where that is not possible. */
  start(): Promise<void>;
  /** Opens the file that is open once more: a matrix was chosen that it was not looked at with. */
  reopen(): Promise<void>;
  dispose(): void;
}

/** What is asked of a matrix: as a run on it would be. */
export interface MatrixQuestion {
  matrix: string | null;
  geneColumn: string | null;
}

/** Wires the file part of a chapter to a session; the chapter listens to the session for what is open. */
export function chapterData(session: Session): ChapterData {
  const notices = noticeList();
  const source = dataSource({state: "nothing"});
  source.append(keepOffer(session));
  const asked = new Map<string, AbortController>();
  let turn = 0;

  async function open(name: string, how: () => Promise<OpenedFile>, size?: number): Promise<void> {
    const mine = ++turn;
    for (const {code} of [...notices.notices]) notices.remove(code);
    source.update({state: "reading", name, size});
    try {
      await how();
    } catch (error) {
      if (mine !== turn) return;
      source.update(isAbort(error) ? {state: "nothing"} : {state: "error", name, error});
    }
  }

  /** A matrix that was chosen although it holds no counts is never shown without a word. */
  function warn(): void {
    const {matrix} = questionOf(session);
    const verdict = session.file?.inspection.matrices.find(({name}) => name === matrix)?.evidence?.verdict;
    if (verdict === undefined || verdict === "counts") return notices.remove("not-counts");
    notices.add({
      severity: "warning", code: "not-counts", message: `${matrix} does not hold counts: it is ${verdict}`,
      remedy: "choose a matrix of counts under Load, or read what is shown as what would be done to these values"
    });
  }

  const off = session.on({
    file(file) {
      for (const controller of asked.values()) controller.abort();
      asked.clear();
      if (file === null) return;
      source.update(openStatus(file, session.view.data === "demo"));
      problemNotices(file).forEach(notices.add);
      warn();
    },
    view: () => warn(),
    notice: (notice) => notices.add(notice)
  });
  source.addEventListener("open", (event) => {
    const file = (event as CustomEvent<File>).detail;
    void open(file.name, () => session.pick(file, file.name), file.size);
  });
  source.addEventListener("demo", () => void open("demo.h5ad", () => session.pickDemo()));

  return {
    element: h("div", {class: "wb-chapter-data"}, notices, source),
    async ask(topic, task) {
      asked.get(topic)?.abort();
      const controller = new AbortController();
      asked.set(topic, controller);
      notices.remove(`${topic}-failed`);
      try {
        await task(controller.signal);
      } catch (error) {
        if (!isAbort(error) && asked.get(topic) === controller) notices.add({...noticeOf(error), code: `${topic}-failed`});
      }
    },
    start: () => open(session.view.name ?? "demo.h5ad", () => session.open()),
    reopen: () => open(session.file!.name, () => session.reopen()),
    dispose() {
      turn += 1;
      off();
      source.dispose();
      session.dispose();
    }
  };
}

/** The matrix and gene names that the view means: the one asked for, else the one found. */
export function questionOf({view, file}: Session): MatrixQuestion {
  return {matrix: view.matrix ?? file?.inspection.matrix.name ?? null, geneColumn: view.geneColumn};
}

/** Rows of the cells that the view means, ascending; null for all. Its quality thresholds are measured first, if it has any. */
export async function rowsNow(session: Session, signal: AbortSignal): Promise<Int32Array | null> {
  const quality = hasThresholds(session.view) ? await session.quality({signal}) : null;
  signal.throwIfAborted();
  return rowsOfView(session.file!, session.view, quality);
}

/** Row of the cell that is looked at: the view's, if the file has it, else the first of those chosen. */
export function cellOfView({view, file}: Session, rows: Int32Array | null): number {
  return view.cell !== null && view.cell < file!.cellIds.length ? view.cell : rows?.[0] ?? 0;
}

/** Fields of a view that change which cells and counts are looked at. */
export const choosesCounts = ["matrix", "geneColumn", "cells", "minCounts", "minGenes", "maxMito"] as const;
