import {h, setText} from "../views/dom.js";
import {queryParameter} from "../views/address-query.js";

/** A button that copies the page's address, which holds every choice made on it, and says what a link to a local file can do. */
export function copyLink(): HTMLElement {
  const said = h("span", {class: "wb-small", role: "status"});
  const copy = async (): Promise<void> => {
    const address = new URL(location.href);
    const isRemote = queryParameter("address") !== null;
    const isDemo = !isRemote && (queryParameter("data") ?? "demo") === "demo";
    // Named, so that it opens the demo also where another file is open.
    if (isDemo) address.searchParams.set("data", "demo");
    const words = isRemote
      ? "Link copied. It holds the address of the data: whoever opens it is asked before it is read."
      : isDemo
        ? "Link copied."
        : "Link copied. It holds choices, not data: whoever opens it needs the same file.";
    await navigator.clipboard.writeText(address.href).then(
      () => setText(said, words),
      () => setText(said, `The address of this page is the link: ${address.href}`)
    );
  };
  const button = h(
    "button",
    {type: "button", class: "wb-button", onclick: () => void copy()},
    "Copy link to this view"
  );
  return h("div", {class: "wb-actions wb-actions-left"}, button, said);
}
