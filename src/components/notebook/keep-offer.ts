import {isAbort} from "../core/errors.js";
import type {OpenFile} from "../core/stages/stage.js";
import {keepFile, keptFile, storageUse} from "../runtime/browser/kept-files.js";
import {extend, h, setText} from "../views/dom.js";
import {formatBytes} from "../views/format.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {blobOf} from "./browser.js";

/** Offers to keep a copy of a file in this browser; hidden where there is nothing to say of one. */
export type KeepOffer = HTMLElement & {
  /** The file that is open; null for none, or one that comes with the site. */
  update(file: OpenFile | null): void;
};

/**
 * The offer. Pages are separate documents, and a browser gives a picked file to one of them only: with a copy the other pages and a
 * reload open it by themselves. The page's document hears "workbook-storage" when a copy was made.
 */
export function keepOffer(): KeepOffer {
  const words = h("span", {role: "status"});
  const keep = h("button", {type: "button", class: "wb-link", onclick: () => void copy()}, "Keep a copy");
  const stop = h("button", {type: "button", class: "wb-link", onclick: () => copying?.abort()}, "Cancel the copy");
  const root = h("p", {class: "wb-small wb-keep", hidden: true}, words, " ", keep, stop);
  let open: OpenFile | null = null;
  let copying: AbortController | null = null;

  function show(state: "possible" | "copying" | "kept", text: string): void {
    setText(words, text);
    keep.hidden = state !== "possible";
    stop.hidden = state !== "copying";
    root.hidden = text === "";
  }

  async function copy(): Promise<void> {
    if (open === null) return;
    const file = open;
    const mine = (copying = new AbortController());
    show("copying", `Copying ${file.name} …`);
    try {
      await keepFile(file.identity, blobOf(file), {signal: mine.signal});
      if (copying !== mine) return;
      show(
        "kept",
        `A copy of ${file.name} is kept in this browser: the other pages and a reload open it. Storage removes it.`
      );
      document.dispatchEvent(new Event("workbook-storage"));
    } catch (error) {
      if (copying !== mine) return;
      const {message, remedy = ""} = noticeOf(error);
      show("possible", isAbort(error) ? "The copy was canceled." : `${sentence(message)} ${sentence(remedy)}`);
    } finally {
      if (copying === mine) copying = null;
    }
  }

  return extend(root, {
    async update(file: OpenFile | null) {
      if (file === open) return;
      copying?.abort();
      copying = null;
      open = file;
      show("kept", "");
      if (file === null || (await storageUse()) === null) return;
      const isKept = (await keptFile(file.identity)) !== null;
      if (open !== file || isKept || copying !== null) return;
      const size = formatBytes(file.bytes);
      show(
        "possible",
        `Only this page has the file; the other pages and a reload will ask for it again, unless a copy (${size}) is kept in this browser.`
      );
    }
  }) as KeepOffer;
}
