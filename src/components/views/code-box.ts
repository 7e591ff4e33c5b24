import {extend, h, setText} from "./dom.js";

/** Code that can be copied; null: there is none. */
export type CodeBox = HTMLElement & {update(code: string | null): void; readonly code: string | null};

/** A button that copies code, and the code itself folded away beneath; where copying is refused the code is opened and selected. */
export function codeBox({button, summary, language}: {button: string; summary: string; language: string}): CodeBox {
  let code: string | null = null;
  const text = h("code", {class: `language-${language}`});
  const fold = h(
    "details",
    {class: "wb-code"},
    h("summary", {}, summary),
    h("pre", {tabindex: 0, role: "region", "aria-label": summary}, text)
  );
  const said = h("span", {class: "wb-small", role: "status"});
  const copy = h(
    "button",
    {
      type: "button",
      class: "wb-button",
      disabled: true,
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(code!);
          setText(said, "copied");
        } catch {
          fold.open = true;
          getSelection()?.selectAllChildren(text);
          setText(said, "this browser does not let a page copy: the text is selected, copy it yourself");
        }
      }
    },
    button
  );
  return extend(h("div", {class: "wb-codebox"}, h("div", {class: "wb-actions"}, copy, said), fold), {
    update(next: string | null) {
      code = next;
      copy.disabled = next === null;
      setText(text, next ?? "");
      setText(said, "");
    },
    get code() {
      return code;
    }
  });
}
