import {clearStorage, copiedUnasked, storageUse} from "../runtime/browser/kept-files.js";
import {clearSelections, keptSelectionsUse} from "../runtime/browser/kept-selections.js";
import {markVisit} from "../runtime/browser/visit-mark.js";
import {h, setText} from "../views/dom.js";
import {formatBytes, formatCount} from "../views/format.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {clearedEvent} from "./selection-storage.js";

/** What this workbook keeps in this browser, folded up: its size, and ways to clear it. Measured whenever something is stored. */
export function storagePanel({invalidation}: {invalidation?: Promise<unknown>} = {}): HTMLElement {
  const words = h("p", {class: "wb-small", role: "status"});
  const summary = h("summary", {}, "Storage");
  const button = (label: string, remove: () => Promise<void>) =>
    h("button", {type: "button", class: "wb-button wb-button-small", onclick: () => void clear(remove)}, label);
  const clearResults = button("Clear results", () => clearStorage({results: true}));
  const clearFiles = button("Clear copies of files", forgetFiles);
  const clearNamed = button("Clear selections", async () => {
    await clearSelections();
    document.dispatchEvent(new Event(clearedEvent));
  });
  const about =
    "Results of runs are kept in this browser, so that a reload and the other pages find them and an interrupted run goes on where it stopped. " +
    "The browser may remove them when the disk is full; they can always be computed again. " +
    `A file that you open is copied into this browser if it is no larger than ${formatBytes(copiedUnasked)}, since a browser gives a file to one page only. ` +
    "Such copies take no more than that together: the oldest go first. A larger file is copied, or its place remembered, where you say so. Nothing leaves this machine.";
  const root = h(
    "details",
    {class: "wb-storage"},
    summary,
    h("p", {class: "wb-small"}, about),
    words,
    h("div", {class: "wb-actions"}, clearResults, clearFiles, clearNamed)
  );

  async function refresh(said = ""): Promise<void> {
    const use = await storageUse();
    const named = await keptSelectionsUse().catch(() => ({selections: 0, bytes: 0}));
    const files = use?.files.reduce((sum, {bytes}) => sum + bytes, 0) ?? 0;
    clearResults.disabled = use === null || use.results.results === 0;
    clearFiles.hidden = files === 0 && !use?.places;
    clearNamed.hidden = named.selections === 0;
    if (use === null) {
      setText(summary, "Storage: none");
      const why = "This browser window keeps nothing (a private window, or a setting)";
      return setText(words, `${why}: results last until the page is closed.`);
    }
    const models = use.models.reduce((sum, {bytes}) => sum + bytes, 0);
    const references = use.references.reduce((sum, {bytes}) => sum + bytes, 0);
    const all = use.results.bytes + files + models + references + named.bytes;
    setText(summary, `Storage: ${formatBytes(all)}`);
    const results = `${formatCount(use.results.results, "stored result")} (${formatBytes(use.results.bytes)})`;
    const copies =
      files > 0 ? `${formatCount(use.files.length, "copied file")} (${formatBytes(files)})` : "no copied file";
    const places = use.places > 0 ? `, ${formatCount(use.places, "remembered file")}` : "";
    const kept =
      models > 0 ? `, ${formatCount(use.models.length, "model")} (${formatBytes(models)}), removed under Model` : "";
    const selections = named.selections > 0 ? `, selections (${formatBytes(named.bytes)})` : "";
    const lent =
      references > 0
        ? `, ${formatCount(use.references.length, "reference")} (${formatBytes(references)}), removed under Reference`
        : "";
    const room = use.quota === null ? "" : ` The browser allows this site ${formatBytes(use.quota)}.`;
    setText(words, `${said} ${results}, ${copies}${places}${selections}${kept}${lent}.${room}`.trim());
  }

  async function clear(remove: () => Promise<void>): Promise<void> {
    try {
      await remove();
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

async function forgetFiles(): Promise<void> {
  await clearStorage({files: true});
  markVisit(null);
  document.dispatchEvent(new Event("workbook-cleared"));
  document.dispatchEvent(new Event("workbook-storage"));
}
