import {h} from "../views/dom.js";
import {patience} from "./fill.js";

/**
 * An element for `display` that shows `element` for as long as it is true: once the cell that made it is invalid, and nothing has
 * come in its place within 200 ms, it gives way to words of the same height. Framework itself leaves the old figure there.
 */
export function current(
  element: Element,
  {invalidation, waiting = "Waiting for the stage …"}: {invalidation: Promise<unknown>; waiting?: string}
): HTMLElement {
  const root = h("div", {}, element);
  void invalidation.then(() =>
    setTimeout(() => {
      root.style.minHeight = `${root.offsetHeight}px`;
      root.replaceChildren(h("p", {class: "wb-small wb-waiting"}, waiting));
    }, patience)
  );
  return root;
}
