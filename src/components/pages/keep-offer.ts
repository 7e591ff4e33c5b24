import {isAbort} from "../core/errors.js";
import {keepFile, keptFile, storageUse} from "../runtime/browser/kept-files.js";
import {h, setText} from "../views/dom.js";
import {formatBytes} from "../views/format.js";
import {noticeOf} from "../views/notice-list.js";
import type {Session} from "./session.js";

/**
 * Offers to keep a copy of the session's file in this browser, so that other pages and a reload open it by themselves: pages are
 * separate documents, and a browser gives a picked file to one of them only. Hidden for the demo, for a file that is kept, and
 * where nothing can be kept.
 */
export function keepOffer(session: Session): HTMLElement {
  const words = h("span", {role: "status"});
  const keep = h("button", {type: "button", class: "wb-link", onclick: () => void keepIt()}, "Keep a copy");
  const stop = h("button", {type: "button", class: "wb-link", hidden: true, onclick: () => copying?.abort()}, "Cancel the copy");
  const element = h("p", {class: "wb-small wb-keep", hidden: true}, words, " ", keep, stop);
  let copying: AbortController | null = null;

  async function offer(): Promise<void> {
    copying?.abort();
    element.hidden = true;
    const {file} = session;
    if (file === null || session.view.data === "demo") return;
    const possible = (await storageUse()) !== null && (await keptFile(file.identity)) === null;
    if (session.file !== file || !possible) return;
    setText(words, `Only this page has the file; the chapters and a reload will ask for it again, unless a copy (${formatBytes(file.bytes)}) is kept in this browser.`);
    keep.hidden = false;
    element.hidden = false;
  }

  async function keepIt(): Promise<void> {
    const {file, blob} = session;
    if (file === null || blob === null) return;
    const mine = (copying = new AbortController());
    const say = (text: string, again: boolean) => {
      if (session.file !== file) return;
      setText(words, text);
      keep.hidden = !again;
      stop.hidden = true;
    };
    setText(words, `Copying ${file.name} …`);
    keep.hidden = true;
    stop.hidden = false;
    try {
      await keepFile(file.identity, blob, {signal: mine.signal});
      say("A copy is kept in this browser: the chapters and a reload open it. Storage, on the first page, removes it.", false);
    } catch (error) {
      const {message, remedy} = noticeOf(error);
      say(isAbort(error) ? "The copy was given up." : `${message}${remedy === undefined ? "" : `: ${remedy}`}.`, true);
    } finally {
      if (copying === mine) copying = null;
    }
  }

  session.on({file: () => void offer()});
  return element;
}
