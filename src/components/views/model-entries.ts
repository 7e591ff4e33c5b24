import {extend, h, send, setText, uniqueId} from "./dom.js";

/** A model that can be chosen at once: the site's own, or one that this browser keeps. */
export interface ModelEntry {
  /** Its hash; null for the site's own. */
  hash: string | null;
  name: string;
  /** In a few words, behind the name: species, size, trained or not. */
  short: string;
  /** All that is known of it: a name and a text each. */
  facts: readonly (readonly [string, string])[];
  /** Whether it can be removed from this browser. */
  removable: boolean;
  /** Whether smaller variants can be made of it: not yet measured, a measurement was begun, one was made; null where none can be. */
  measuring: "new" | "begun" | "done" | null;
}

/** The models to choose among. "choose", "remove" and "measure" (CustomEvent, detail: hash) tell what the person wants; a removal was confirmed. */
export type ModelEntries = HTMLElement & {
  /** Shows other models; `chosen` is undefined where none of them is. */
  update(entries: readonly ModelEntry[], chosen: string | null | undefined, options?: {canMeasure?: boolean}): void;
};

/** A list of models (or of what `words` call it), one of which is chosen, each with all that is known of it folded below its name. */
export function modelEntries(
  words = {legend: "Ready to run in this browser", about: "About this model"}
): ModelEntries {
  const group = uniqueId("models");
  const list = h("div");
  const root = h("fieldset", {class: "wb-model-kept"}, h("legend", {}, words.legend), list);
  let shown = "";
  return extend(root, {
    update(entries: readonly ModelEntry[], chosen: string | null | undefined, {canMeasure = false} = {}) {
      const next = JSON.stringify([entries, chosen, canMeasure]);
      if (next === shown) return;
      shown = next;
      const isOpen = new Set(
        [...list.querySelectorAll<HTMLElement>("[data-model]")]
          .filter((one) => one.querySelector("details")?.open)
          .map((one) => one.dataset.model)
      );
      list.replaceChildren(
        ...entries.map((entry) =>
          entryOf(entry, {
            group,
            checked: entry.hash === chosen,
            open: isOpen.has(entry.hash ?? ""),
            root,
            canMeasure,
            about: words.about
          })
        )
      );
    }
  });
}

interface EntryOptions {
  group: string;
  checked: boolean;
  open: boolean;
  root: HTMLElement;
  canMeasure: boolean;
  about: string;
}

const measureWords = {new: "Make it smaller …", begun: "Go on making it smaller …", done: "Make it smaller again …"};

function entryOf(
  {hash, name, short, facts, removable, measuring}: ModelEntry,
  {group, checked, open, root, canMeasure, about}: EntryOptions
): HTMLElement {
  const radio = h("input", {type: "radio", name: group, checked, onchange: () => send(root, "choose", hash)});
  return h(
    "div",
    {class: "wb-model-entry", "data-model": hash ?? ""},
    h("label", {}, radio, h("span", {}, h("strong", {}, name), ` ${short}`)),
    removable ? removal(name, () => send(root, "remove", hash)) : null,
    measuring !== null && canMeasure
      ? h(
          "button",
          {type: "button", class: "wb-link wb-model-measure", onclick: () => send(root, "measure", hash)},
          measureWords[measuring]
        )
      : null,
    h("details", {open}, h("summary", {}, about), factList(facts))
  );
}

/** Facts as a list of terms and texts. */
export function factList(facts: readonly (readonly [string, string])[]): HTMLElement {
  return h(
    "dl",
    {class: "wb-model-facts"},
    facts.map(([term, text]) => h("div", {}, h("dt", {}, term), h("dd", {}, text)))
  );
}

/** A button that asks once more before it does what cannot be undone. */
function removal(name: string, remove: () => void): HTMLElement {
  const ask = h("button", {type: "button", class: "wb-link", "aria-label": `Remove ${name}`}, "Remove …");
  const yes = h("button", {type: "button", class: "wb-button wb-button-small", onclick: remove}, "Remove it");
  const no = h("button", {type: "button", class: "wb-button wb-button-small"}, "Keep it");
  const words = h("span", {role: "status"});
  const sure = h("span", {class: "wb-model-sure", hidden: true}, words, yes, no);
  const show = (isAsking: boolean): void => {
    ask.hidden = isAsking;
    sure.hidden = !isAsking;
    setText(words, isAsking ? "Remove it from this browser? It has to be fetched again then." : "");
    (isAsking ? no : ask).focus();
  };
  ask.addEventListener("click", () => show(true));
  no.addEventListener("click", () => show(false));
  return h("span", {class: "wb-model-removal"}, ask, sure);
}
