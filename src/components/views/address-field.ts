import {h} from "./dom.js";

/** A field for a web address, which nothing completes or corrects; `attributes` say what is its own. */
export function addressField(attributes: Record<string, string | boolean> = {}): HTMLInputElement {
  return h("input", {type: "url", placeholder: "https://", autocomplete: "off", spellcheck: "false", ...attributes});
}
