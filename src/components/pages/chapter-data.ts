import {selectRows} from "../core/cells/select-rows.js";
import {isAbort} from "../core/errors.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import {dataSource} from "../views/data-source.js";
import {h} from "../views/dom.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import {groupsOf} from "./opened-file.js";
import type {Session} from "./session.js";

/** The upper part of a chapter: which file is open, notices, another file. */
export interface ChapterData {
  element: HTMLElement;
  /** Runs a question in place of the one of the same `topic` before; its fault becomes a notice, an abort nothing. */
  ask(topic: string, task: (signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Opens what the address names, and asks for the file where that is not possible. */
  start(): Promise<void>;
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

  const off = session.on({
    file(file) {
      for (const controller of asked.values()) controller.abort();
      asked.clear();
      if (file === null) return;
      const {inspection, name, bytes} = file;
      source.update({
        state: "open", name, size: bytes, cells: inspection.nObs, genes: inspection.nVar,
        aligned: inspection.genes?.aligned, detail: session.view.data === "demo" ? "simulated" : undefined
      });
      for (const {code, message, place, remedy, severity} of inspection.problems) {
        if (severity !== "info") notices.add({severity, code, message, place, remedy});
      }
    },
    notice: (notice) => notices.add(notice)
  });
  const another = {matrix: null, geneColumn: null, cell: null};
  source.addEventListener("open", (event) => {
    const file = (event as CustomEvent<File>).detail;
    session.change(another);
    void open(file.name, () => session.pick(file, file.name), file.size);
  });
  source.addEventListener("demo", () => {
    session.change({...another, data: "demo", name: null});
    void open("the demo", () => session.open());
  });

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
    start: () => open(session.view.name ?? "the demo", () => session.open()),
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

/** Rows of the cells that the view means, ascending; null for all. */
export function rowsOfView({view, file, rows}: Session): Int32Array | null {
  if (file === null || rows !== null) return rows;
  const {cells} = view;
  return selectRows(cells, file.cellIds.length, cells.mode === "stratified" ? groupsOf(file, cells.column) : undefined);
}

/** Row of the cell that is looked at: the view's, if the file has it, else the first of those chosen. */
export function cellOfView(session: Session): number {
  const {view, file} = session;
  const count = file?.cellIds.length ?? 0;
  return view.cell !== null && view.cell < count ? view.cell : rowsOfView(session)?.[0] ?? 0;
}
