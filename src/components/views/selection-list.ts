import type {SelectionsAction} from "../core/selections/change-selections.js";
import type {RowsChange} from "../core/selections/combine-rows.js";
import {
  longestName,
  type NamedSelection,
  selectionColors,
  type SelectionsState
} from "../core/selections/selections.js";
import {extend, h, send, setText} from "./dom.js";
import {formatCount, formatInteger} from "./format.js";
import {selectionColor} from "./selection-scale.js";

/** What the list shows. */
export interface SelectionListData {
  state: SelectionsState;
  /** Rows of the cells that are worked with (those on the map), ascending. */
  all: Int32Array;
  /** A name for the selected cells, taken where none is typed; null for none. */
  suggested: string | null;
}

/**
 * The selection of the moment and those with names: a line each, with color, name, count, and what can be done with it. "action" (CustomEvent, detail:
 * SelectionsAction) tells what a person does; `show` says what comes of it.
 */
export type SelectionList = HTMLElement & {show(data: SelectionListData): void};

const combinations: [RowsChange, string, string][] = [
  ["and", "and", "Keep of the selected cells those of"],
  ["or", "or", "Add to the selected cells those of"],
  ["not", "not", "Take from the selected cells those of"]
];

/** The list, for no file. */
export function selectionList(): SelectionList {
  const tell = (action: SelectionsAction): void => send(root, "action", action);
  let shown: SelectionListData | null = null;
  const button = (words: string, act: () => void, title?: string) =>
    h("button", {type: "button", class: "wb-button wb-button-small", onclick: act, title}, words);
  const undo = button("Undo", () => tell({type: "undo"}));
  const redo = button("Redo", () => tell({type: "redo"}));
  const invert = button("Invert", () => shown && tell({type: "invert", all: shown.all}), "Select all other cells");
  const clear = button("Clear", () => tell({type: "select", rows: null}));
  const count = h("strong", {role: "status"});
  const name = h("input", {
    type: "text",
    maxlength: longestName,
    "aria-label": "Name of the selection",
    autocomplete: "off",
    spellcheck: "false"
  });
  const save = h("button", {type: "submit", class: "wb-button wb-button-main wb-button-small"}, "Save as");
  const form = h("form", {class: "wb-selection-save"}, name, save);
  const list = h("ul", {class: "wb-selection-list", "aria-label": "Saved selections"});
  const root = h(
    "div",
    {},
    h("p", {class: "wb-selection-count"}, count),
    h("div", {class: "wb-actions wb-actions-left"}, clear, invert, undo, redo),
    form,
    list
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = name.value.trim() || name.placeholder;
    if (shown?.state.current === null || typed === "") return name.focus();
    name.value = "";
    tell({type: "save", name: typed});
  });
  // What is typed is no value of the panel.
  root.addEventListener("input", (event) => event.stopPropagation());

  /** A line for each place, so that the keyboard keeps its own when a selection is renamed or removed. */
  const lines: SelectionLine[] = [];
  function showLines(saved: readonly NamedSelection[], isAny: boolean): void {
    while (lines.length < saved.length) lines.push(list.appendChild(selectionLine(tell)));
    for (const line of lines.splice(saved.length)) line.remove();
    saved.forEach((selection, place) => lines[place].show(selection, isAny));
  }

  return extend(root, {
    show(data: SelectionListData) {
      shown = data;
      const {current, saved, past, future} = data.state;
      const all = formatCount(data.all.length, "cell");
      setText(
        count,
        current === null ? `None of ${all} selected` : `${formatInteger(current.length)} of ${all} selected`
      );
      clear.disabled = save.disabled = current === null;
      invert.disabled = data.all.length === 0;
      undo.disabled = past.length === 0;
      redo.disabled = future.length === 0;
      name.placeholder = (current === null ? null : data.suggested) ?? "";
      showLines(saved, current !== null);
    }
  });
}

type SelectionLine = HTMLElement & {show(selection: NamedSelection, isAny: boolean): void};

/** The line of one selection. */
function selectionLine(tell: (action: SelectionsAction) => void): SelectionLine {
  let {name, color, rows}: NamedSelection = {name: "", color: 0, rows: new Int32Array(0)};
  const swatch = h(
    "button",
    {type: "button", class: "wb-selection-color", title: "Another color", onclick: () => recolor()},
    h("span", {class: "wb-swatch"})
  );
  const recolor = (): void => tell({type: "recolor", name, color: (color + 1) % selectionColors});
  const select = h("button", {
    type: "button",
    class: "wb-selection-name",
    onclick: () => tell({type: "select", rows})
  });
  const count = h("span", {class: "wb-selection-of"});
  const link = (words: string, title: string, act: () => void) =>
    h("button", {type: "button", class: "wb-link", title, onclick: act}, words);
  const ways = combinations.map(([change, words, about]) =>
    link(words, about, () => tell({type: "combine", rows, change}))
  );
  const update = link("update", "Give it the cells that are selected now", () => tell({type: "replace", name}));
  const rename = link("rename", "Give it another name", () =>
    askName(select, name, (to) => tell({type: "rename", name, to}))
  );
  const remove = link("delete", "Delete it; Undo brings it back", () => tell({type: "remove", name}));
  const links = [...ways, update, rename, remove];
  const head = h("div", {class: "wb-selection-head"}, swatch, select, count);
  const root = h("li", {class: "wb-selection-line"}, head, h("div", {class: "wb-selection-actions"}, links));
  return extend(root, {
    show(next: NamedSelection, isAny: boolean) {
      ({name, color, rows} = next);
      const {light, dark} = selectionColor(color);
      swatch.style.setProperty("--wb-light", light);
      swatch.style.setProperty("--wb-dark", dark);
      swatch.setAttribute("aria-label", `Another color for ${name}`);
      setText(select, name);
      setText(count, formatInteger(rows.length));
      for (const one of links) one.setAttribute("aria-label", `${one.textContent} ${name}`);
      for (const one of [...ways, update]) one.disabled = !isAny;
    }
  });
}

/** Asks for a name in the place of the one that is shown: Enter or leaving the field takes it, Escape does not. */
function askName(shown: HTMLButtonElement, name: string, take: (name: string) => void): void {
  const field = h("input", {
    type: "text",
    class: "wb-selection-name",
    value: name,
    maxlength: longestName,
    "aria-label": `New name of ${name}`
  });
  const end = (to: string | null): void => {
    if (!field.isConnected) return;
    const wasHere = document.activeElement === field;
    field.replaceWith(shown);
    if (wasHere) shown.focus();
    if (to !== null) take(to);
  };
  field.addEventListener("keydown", (event) => {
    if (!["Enter", "Escape"].includes(event.key)) return;
    event.stopPropagation();
    event.preventDefault();
    end(event.key === "Enter" ? field.value : null);
  });
  field.addEventListener("blur", () => end(field.value));
  shown.replaceWith(field);
  field.select();
}
