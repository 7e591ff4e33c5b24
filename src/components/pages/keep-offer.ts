import {h, setText} from "../views/dom.js";
import {formatBytes} from "../views/format.js";
import {fileCopy} from "./file-copy.js";
import type {Session} from "./session.js";

/** Offers to keep a copy of the session's file in this browser; hidden where there is nothing to say of one. */
export function keepOffer(session: Session): HTMLElement {
  const copy = fileCopy(session);
  const words = h("span", {role: "status"});
  const keep = h("button", {type: "button", class: "wb-link", onclick: () => void copy.keep()}, "Keep a copy");
  const stop = h(
    "button",
    {type: "button", class: "wb-link", hidden: true, onclick: () => copy.cancel()},
    "Cancel the copy"
  );
  const element = h("p", {class: "wb-small", hidden: true}, words, " ", keep, stop);

  copy.on(() => {
    const {state, said} = copy;
    element.hidden = state === "none" || (state === "kept" && said === "");
    keep.hidden = state !== "possible";
    stop.hidden = state !== "copying";
    const offer = `Only this page has the file; the chapters and a reload will ask for it again, unless a copy (${formatBytes(session.file?.bytes ?? 0)}) is kept in this browser.`;
    setText(
      words,
      said === "" ? offer : `${said}${state === "kept" ? " Storage, on the first page, removes it." : ""}`
    );
  });
  return element;
}
