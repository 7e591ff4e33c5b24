import {isWorkbookError} from "../core/errors.js";
import {extend, h, send, setText} from "./dom.js";
import {dropZone} from "./drop-zone.js";
import {givenByDrop, givenByPick, type GivenFile} from "./dropped-file.js";
import {formatBytes, formatCount, formatInteger} from "./format.js";
import {noticeOf, sentence} from "./notice-list.js";

/** What is known of the data. */
export type DataStatus =
  | {state: "nothing"}
  | {
      state: "reading";
      name: string;
      size?: number;
      /** How far a matrix is turned into rows, where it has to be: 0 to 1. */
      share?: number;
    }
  | {
      state: "open";
      name: string;
      /** Bytes. */
      size?: number;
      cells: number;
      genes: number;
      /** Genes that the model knows; left out: not matched yet. */
      aligned?: number;
      /** More words, such as "simulated". */
      detail?: string;
    }
  | {
      state: "error";
      name?: string;
      error: unknown;
      /** Words of a button that opens the file; left out where it has to be chosen. */
      again?: string;
    };

/**
 * Where data come from. "open" (CustomEvent, detail: GivenFile), "demo", "cancel" (of a file that is being read) and "again" tell what the
 * person wants; `update` shows what came of it. Files dropped anywhere on the page count.
 */
export type DataSource = HTMLElement & {
  update(status: DataStatus): void;
  /** Stops listening to drops on the page. */
  dispose(): void;
};

export interface DataSourceOptions {
  /** Words of the demo's button; null: no demo. */
  demo?: string | null;
  /** What takes drops; the whole page by default. */
  dropTarget?: EventTarget;
}

/** A file picker, the page as a drop zone, a button for the embedded demo, and what is open now. */
export function dataSource(status: DataStatus = {state: "nothing"}, options: DataSourceOptions = {}): DataSource {
  const {demo = "Use the demo", dropTarget = window} = options;
  const input = h("input", {
    type: "file",
    class: "wb-hidden",
    tabindex: -1,
    "aria-hidden": "true",
    multiple: true,
    accept: ".h5ad,.h5mu,.h5,.hdf5,.zip,.mtx,.tsv,.gz,.uce-session"
  });
  const folderInput = h("input", {type: "file", class: "wb-hidden", tabindex: -1, "aria-hidden": "true"});
  folderInput.webkitdirectory = true;
  const pick = h(
    "button",
    {
      type: "button",
      class: "wb-button wb-button-main",
      title: "Or drop a file or folder anywhere on this page. It is read here, in parts; nothing is uploaded.",
      onclick: () => input.click()
    },
    "Open a file …"
  );
  const pickFolder = h(
    "button",
    {
      type: "button",
      class: "wb-button",
      title: "Open a folder: a Zarr store, or a 10x Genomics output",
      onclick: () => folderInput.click()
    },
    "Folder …"
  );
  const demoButton =
    demo === null ? null : h("button", {type: "button", class: "wb-button", onclick: () => send(root, "demo")}, demo);
  const cancel = h(
    "button",
    {type: "button", class: "wb-button", hidden: true, onclick: () => send(root, "cancel")},
    "Cancel"
  );
  const again = h("button", {
    type: "button",
    class: "wb-button wb-button-main",
    hidden: true,
    onclick: () => send(root, "again")
  });
  const name = h("strong", {class: "wb-data-name"});
  const facts = h("span", {class: "wb-data-facts"});
  const problem = h("div", {class: "wb-data-problem", role: "alert"});
  const veil = h(
    "div",
    {class: "wb-veil", hidden: true},
    h("div", {}, "Drop the file or folder to open it here. It stays on this machine.")
  );
  const root = h(
    "section",
    {class: "wb-card wb-data", "aria-label": "Data"},
    h("div", {class: "wb-data-now", role: "status"}, name, facts),
    h("div", {class: "wb-data-actions"}, again, pick, demoButton, pickFolder, cancel, input, folderInput),
    problem,
    veil
  );
  for (const element of [input, folderInput]) {
    onPicked(element, (files) => take(() => givenByPick(files)));
  }

  const stop = dropZone(dropTarget, veil, (transfer) => take(() => givenByDrop(transfer)));

  update(status);
  return extend(root, {
    update,
    dispose: stop
  });

  function take(find: () => GivenFile | null): void {
    try {
      const given = find();
      if (given !== null) send(root, "open", given);
    } catch (error) {
      showProblem(problem, error);
    }
  }

  function update(next: DataStatus): void {
    root.dataset.state = next.state;
    // The keyboard keeps its place.
    if (next.state !== "reading" && document.activeElement === cancel) pick.focus({preventScroll: true});
    cancel.hidden = next.state !== "reading";
    const words = next.state === "error" ? next.again : undefined;
    if (words === undefined && document.activeElement === again) pick.focus({preventScroll: true});
    again.hidden = words === undefined;
    setText(again, words ?? "");
    root.toggleAttribute("data-wanted", next.state === "error" && isWanted(next.error));
    setText(name, next.state === "nothing" ? "No data yet" : (next.name ?? "This file cannot be used"));
    setText(facts, factsOf(next));
    if (next.state === "error") showProblem(problem, next.error);
    else problem.replaceChildren();
  }
}

/** Puts what is wrong with a file, where, and the way out into `problem`. */
function showProblem(problem: HTMLElement, error: unknown): void {
  const {message, place, remedy} = noticeOf(error);
  // A file that the address asks for is nothing that went wrong.
  if (isWanted(error)) return problem.replaceChildren(h("p", {}, `${sentence(message)} ${sentence(remedy ?? "")}`));
  const line = (label: string, text: string | undefined): HTMLElement[] =>
    text === undefined ? [] : [h("dt", {}, label), h("dd", {}, text)];
  problem.replaceChildren(h("dl", {}, line("What", message), line("Where", place), line("Way out", remedy)));
}

/** Tells of files that are picked by an input. */
function onPicked(input: HTMLInputElement, tell: (files: File[]) => void): void {
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    // The same file may be picked again after it was mended.
    input.value = "";
    if (files.length > 0) tell(files);
  });
}

/** True for the file of a link, which has to be chosen once more. */
function isWanted(error: unknown): boolean {
  return isWorkbookError(error) && /^file-(needed|permission)$/.test(error.code);
}

function factsOf(status: DataStatus): string {
  switch (status.state) {
    case "nothing":
      return "Open single cells (h5ad, h5mu, 10x Genomics, Zarr), or take the demo.";
    case "reading":
      return [
        status.size === undefined ? "" : formatBytes(status.size),
        status.share === undefined ? "reading …" : `turning the matrix into rows, ${Math.floor(100 * status.share)} %`
      ]
        .filter(Boolean)
        .join(" · ");
    case "error":
      return isWanted(status.error) ? "Not open on this page." : "This file cannot be used; another one can be opened.";
    case "open": {
      const {size, cells, genes, aligned, detail} = status;
      const share = aligned === genes ? "all" : formatInteger(aligned ?? 0);
      const known = aligned === undefined ? "" : `, ${share} known to the model`;
      const shape = `${formatCount(cells, "cell")} × ${formatCount(genes, "gene")}${known}`;
      return [shape, size === undefined ? "" : formatBytes(size), detail ?? ""].filter(Boolean).join(" · ");
    }
  }
}
