import {clearStorage, storageUse} from "../runtime/browser/kept-files.js";
import {h, setText} from "../views/dom.js";
import {formatBytes, formatCount} from "../views/format.js";
import {noticeOf} from "../views/notice-list.js";
import {fileCopy} from "./file-copy.js";
import type {Session} from "./session.js";

/** What this workbook keeps in the browser: its size, and ways to keep a file and to clear all. */
export interface StoragePanel {
  readonly element: HTMLElement;
  /** Measures anew; call it after a run. */
  refresh(): Promise<void>;
}

/** The panel for the session's file and results. */
export function storagePanel(session: Session): StoragePanel {
  const copy = fileCopy(session);
  const words = h("p", {class: "wb-small", role: "status"});
  const clearResults = button("Clear results", () => void clear({results: true}));
  const clearFiles = button("Remove copies of files", () => void clear({files: true}));
  const keep = button("", () => void copy.keep());
  const stop = button("Cancel the copy", () => copy.cancel());
  const summary = h("summary", {}, "Storage");
  const element = h(
    "details",
    {class: "wb-storage"},
    summary,
    h(
      "p",
      {class: "wb-small"},
      "Results of runs are kept in this browser, so that a reload and the other pages find them and an interrupted run goes on where it stopped. " +
        "The browser may remove them when the disk is full; they can always be computed again. Nothing leaves this machine."
    ),
    words,
    h("div", {class: "wb-actions"}, keep, stop, clearResults, clearFiles)
  );
  let said = "";

  async function refresh(): Promise<void> {
    const use = await storageUse();
    const {file} = session;
    clearResults.disabled = use === null || use.results.results === 0 || session.running;
    clearFiles.hidden = use === null || use.files.length === 0;
    stop.hidden = copy.state !== "copying";
    keep.hidden = copy.state !== "possible";
    if (file !== null) setText(keep, `Keep a copy of ${file.name} here (${formatBytes(file.bytes)})`);
    if (use === null) {
      setText(summary, "Storage: none");
      return setText(
        words,
        "This browser window keeps nothing (a private window, or a setting): results last until the page is closed."
      );
    }
    const files = use.files.reduce((sum, {bytes}) => sum + bytes, 0);
    setText(summary, `Storage: ${formatBytes(use.results.bytes + files)}`);
    const parts = [
      `${formatCount(use.results.results, "stored result")} (${formatBytes(use.results.bytes)})`,
      use.files.length > 0
        ? `${formatCount(use.files.length, "copied file")} (${formatBytes(files)})`
        : "no copied file"
    ];
    const room = use.quota === null ? "" : ` The browser allows this site ${formatBytes(use.quota)}.`;
    setText(words, `${said} ${parts.join(", ")}.${room}`.trim());
  }

  async function clear(what: {results?: boolean; files?: boolean}): Promise<void> {
    let words = "Cleared.";
    try {
      await clearStorage(what);
    } catch (error) {
      const {message, remedy} = noticeOf(error);
      words = `${message}: ${remedy ?? ""}.`;
    }
    await copy.refresh();
    said = words;
    await refresh();
  }

  copy.on(() => {
    said = copy.said;
    void refresh();
  });
  element.addEventListener("toggle", () => void refresh());
  void refresh();
  return {element, refresh};
}

function button(label: string, onclick: () => void): HTMLButtonElement {
  return h("button", {type: "button", class: "wb-button wb-button-small", onclick}, label);
}
