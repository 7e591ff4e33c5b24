import {h, send, setText, uniqueId} from "./dom.js";

/** A file that is read by its address, as it is asked about before the first request. */
export interface AddressToOpen {
  address: string;
  host: string;
  /** Name of the file. */
  name: string;
}

/**
 * The question before a host is asked for a file; `more` says what will be read. `root` sends the answer: "agree" (CustomEvent, detail: AddressToOpen) or "refuse".
 */
export function addressConsent(file: AddressToOpen, root: HTMLElement, more: readonly string[]): HTMLElement {
  const {host, name, address} = file;
  const heading = uniqueId("consent");
  const title = h("h3", {id: heading});
  setText(title, `Read ${name} from ${host}?`);
  const words = [
    `Your browser will ask ${host} for parts of this file. That host sees your network address and which parts are asked for, as of any download.`,
    "Nothing of your choices or results is sent, no cookie and no referrer. Nothing was asked so far.",
    ...more
  ];
  return h(
    "div",
    {class: "wb-model-consent", role: "group", "aria-labelledby": heading},
    title,
    h("p", {class: "wb-address-text"}, address),
    words.map((text) => h("p", {}, text)),
    h(
      "div",
      {class: "wb-model-buttons"},
      h(
        "button",
        {type: "button", class: "wb-button wb-button-main", onclick: () => send(root, "agree", file)},
        `Read from ${host}`
      ),
      h("button", {type: "button", class: "wb-button", onclick: () => send(root, "refuse")}, "Not now")
    )
  );
}
