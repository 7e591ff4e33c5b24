import {h} from "./dom.js";

/**
 * What a page sets and asks, under one heading that is folded up in projector mode (`html[data-mode="projector"]`), where a
 * room looks at figures; otherwise it stands open and without a heading (src/styles).
 */
export function projectorFold(summary: string, ...content: HTMLElement[]): HTMLDetailsElement {
  const fold = h(
    "details",
    {class: "wb-projector-fold"},
    h("summary", {}, summary),
    h("div", {class: "wb-projector-inner"}, content)
  );
  const page = document.documentElement;
  const follow = (): void => void (fold.open = page.dataset["mode"] !== "projector");
  follow();
  new MutationObserver(follow).observe(page, {attributes: true, attributeFilter: ["data-mode"]});
  return fold;
}
