import {clearStorage, storageUse} from "../runtime/browser/kept-files.js";
import {h, setText} from "../views/dom.js";
import {formatBytes, formatCount} from "../views/format.js";
import {noticeOf, sentence} from "../views/notice-list.js";

/** What this workbook keeps in this browser, folded up: its size, and ways to clear it. Measured whenever something is stored. */
export function storagePanel({invalidation}: {invalidation?: Promise<unknown>} = {}): HTMLElement {
  const words = h("p", {class: "wb-small", role: "status"});
  const summary = h("summary", {}, "Storage");
  const button = (label: string, what: Parameters<typeof clearStorage>[0]) =>
    h("button", {type: "button", class: "wb-button wb-button-small", onclick: () => void clear(what)}, label);
  const clearResults = button("Clear results", {results: true});
  const clearFiles = button("Remove copies of files", {files: true});
  const about =
    "Results of runs are kept in this browser, so that a reload and the other pages find them and an interrupted run goes on where it stopped. " +
    "The browser may remove them when the disk is full; they can always be computed again. Nothing leaves this machine.";
  const root = h(
    "details",
    {class: "wb-storage"},
    summary,
    h("p", {class: "wb-small"}, about),
    words,
    h("div", {class: "wb-actions"}, clearResults, clearFiles)
  );

  async function refresh(said = ""): Promise<void> {
    const use = await storageUse();
    const files = use?.files.reduce((sum, {bytes}) => sum + bytes, 0) ?? 0;
    clearResults.disabled = use === null || use.results.results === 0;
    clearFiles.hidden = files === 0;
    if (use === null) {
      setText(summary, "Storage: none");
      const why = "This browser window keeps nothing (a private window, or a setting)";
      return setText(words, `${why}: results last until the page is closed.`);
    }
    setText(summary, `Storage: ${formatBytes(use.results.bytes + files)}`);
    const results = `${formatCount(use.results.results, "stored result")} (${formatBytes(use.results.bytes)})`;
    const copies =
      files > 0 ? `${formatCount(use.files.length, "copied file")} (${formatBytes(files)})` : "no copied file";
    const room = use.quota === null ? "" : ` The browser allows this site ${formatBytes(use.quota)}.`;
    setText(words, `${said} ${results}, ${copies}.${room}`.trim());
  }

  async function clear(what: Parameters<typeof clearStorage>[0]): Promise<void> {
    try {
      await clearStorage(what);
      await refresh("Cleared.");
    } catch (error) {
      const {message, remedy = ""} = noticeOf(error);
      await refresh(`${sentence(message)} ${sentence(remedy)}`);
    }
  }

  const measure = (): void => void refresh();
  document.addEventListener("workbook-storage", measure);
  void invalidation?.then(() => document.removeEventListener("workbook-storage", measure));
  root.addEventListener("toggle", measure);
  measure();
  return root;
}
