import {isAbort} from "../core/errors.js";
import {cellPicker} from "../views/cell-picker.js";
import {obsText} from "../views/cell-descriptions.js";
import {h, setText} from "../views/dom.js";
import {expressionView} from "../views/expression-view.js";
import {formatCount, formatInteger} from "../views/format.js";
import {noticeList, noticeOf} from "../views/notice-list.js";
import type {Session} from "./session.js";

/** What the model expects of one cell of the session's file, chosen by hand. */
export interface ExpressionPanel {
  readonly element: HTMLElement;
  dispose(): void;
}

/**
 * The panel: opens the session's file, offers to embed its cells where no run has done that yet, and asks the model about the
 * cell of the view (the first that has a vector unless told).
 */
export function expressionPanel(session: Session): ExpressionPanel {
  const notices = noticeList();
  const picker = cellPicker();
  const view = expressionView();
  const status = h("p", {class: "wb-small wb-expression-status", role: "status"});
  const progress = h("progress", {class: "wb-progress", "aria-label": "Cells embedded", hidden: true});
  const start = h(
    "button",
    {type: "button", class: "wb-button wb-button-main", disabled: true, onclick: () => void run()},
    "Embed the cells"
  );
  const stop = h(
    "button",
    {type: "button", class: "wb-button", hidden: true, onclick: () => session.cancel()},
    "Cancel"
  );
  const choice = h("div", {class: "wb-expression-choice", hidden: true}, picker);
  const element = h(
    "section",
    {class: "wb-card wb-expression-panel", "aria-label": "What the model expects of a cell"},
    notices,
    h("div", {class: "wb-actions-left"}, start, stop),
    status,
    progress,
    choice,
    view
  );
  let question: AbortController | null = null;
  let disposed = false;

  function fail(error: unknown): void {
    if (!isAbort(error)) notices.add(noticeOf(error));
  }

  async function open(): Promise<void> {
    setText(status, "Opening the demo …");
    try {
      await session.open();
      ready();
    } catch (error) {
      setText(status, "");
      fail(error);
    }
  }

  /** Shows what can be done now: choose a cell, or embed first. */
  function ready(): void {
    const {file} = session;
    if (file === null || disposed) return;
    const done = session.results.has("embeddings");
    start.hidden = done;
    start.disabled = session.running;
    start.textContent = `Embed the ${formatCount(session.rows?.length ?? file.cellIds.length, "cell")} of ${session.view.data === "demo" ? "the demo" : file.name}`;
    choice.hidden = !done;
    if (!done)
      return setText(
        status,
        "The model has not read these cells yet; it takes under a minute and happens in this browser."
      );
    setText(status, "");
    const rows = session.embeddedRows();
    const wanted = session.view.cell;
    picker.update(file.cellIds, rows, wanted !== null && rows.includes(wanted) ? wanted : rows[0]);
    void ask();
  }

  async function run(): Promise<void> {
    start.disabled = true;
    stop.hidden = false;
    progress.hidden = false;
    progress.removeAttribute("value");
    try {
      await session.run("embed");
    } catch (error) {
      fail(error);
    }
    stop.hidden = true;
    progress.hidden = true;
    ready();
  }

  async function ask(): Promise<void> {
    question?.abort();
    const mine = (question = new AbortController());
    const row = picker.value;
    const {file} = session;
    if (file === null) return;
    const onProgress = (done: number, total: number) =>
      setText(status, `Reading the counts of ${formatCount(total, "cell")}: ${10 * Math.floor((10 * done) / total)} %`);
    try {
      const expression = await session.client.ask(
        "expression",
        {row, geneColumn: session.view.geneColumn},
        {signal: mine.signal, onProgress}
      );
      if (mine.signal.aborted) return;
      setText(status, "");
      const words = file.obs
        .filter(({kind}) => kind === "categorical" || kind === "text")
        .slice(0, 3)
        .map((column) => obsText(column, row));
      view.update(
        expression === null ? null : {expression, cell: [file.cellIds[row], ...words].join(", ")},
        "This model has nothing to say of this cell."
      );
    } catch (error) {
      fail(error);
    }
  }

  picker.addEventListener("input", () => {
    session.change({cell: picker.value});
    void ask();
  });
  const silence = session.on({
    event(event) {
      if (event.type !== "progress" || event.stage !== "embed") return;
      Object.assign(progress, {max: event.total, value: event.done});
      setText(status, `${formatInteger(event.done)} of ${formatCount(event.total, "cell")} embedded`);
    },
    notice: (notice) => notices.add(notice)
  });
  void open();

  return {
    element,
    dispose() {
      disposed = true;
      question?.abort();
      silence();
    }
  };
}
