import {extend, h, send, setAttribute, setText, uniqueId} from "./dom.js";
import {formatCount, formatInteger} from "./format.js";
import {canExport, exportFormats, exportWords, noteWords, type ExportState, type ExportWhat} from "./export-words.js";
import {sentence, type Notice} from "./notice-list.js";

/** What a person asks for. */
export interface ExportWish {
  what: ExportWhat;
  /** Ending of the file. */
  format: string;
  /** Of the selected cells alone. */
  selection: boolean;
  /** Name in obsm, of an h5ad. */
  key: string;
}

/**
 * What can be taken away, folded up. "export" (CustomEvent, detail: ExportWish) and "cancel" tell what a person wants; `update` says what there is, the
 * others what comes of it.
 */
export type ExportMenu = HTMLElement & {
  update(state: ExportState): void;
  /** How far the writing is; the share is null where nobody knows. */
  working(words: string, share: number | null): void;
  /** It is written, was given up, or is at fault. */
  done(words: string): void;
  failed(notice: Notice): void;
};

/** The menu, for nothing yet. */
export function exportMenu(): ExportMenu {
  const form = fields();
  const {what, format, all, selected, key, keyLabel, note} = form;
  const status = h("span", {role: "status", class: "wb-export-said"});
  const bar = h("progress", {class: "wb-progress", max: 1, hidden: true, "aria-label": "Progress of the export"});
  const save = h("button", {type: "button", class: "wb-button wb-button-main", onclick: () => ask()}, "Save");
  const cancel = h(
    "button",
    {type: "button", class: "wb-button", hidden: true, onclick: () => send(root, "cancel")},
    "Cancel"
  );
  const problem = h("div", {class: "wb-data-problem", role: "alert"});
  const summary = h("summary", {}, "Take results away");
  const actions = h("div", {class: "wb-actions wb-actions-left"}, save, cancel, bar, status);
  const root = h("details", {class: "wb-export"}, summary, form.element, note, actions, problem);
  let state: ExportState = {cells: null, map: false, selected: 0, restored: false};
  let busy = false;

  const wish = (): ExportWish => ({
    what: what.value as ExportWhat,
    format: format.value,
    selection: selected.input.checked,
    key: key.value.trim()
  });
  function ask(): void {
    problem.replaceChildren();
    send(root, "export", wish());
  }
  function show(): void {
    const isReady = state.cells !== null && !busy;
    const {what: asked, selection} = wish();
    const endings = exportFormats[asked];
    if (endings.join() !== format.dataset.of) {
      format.replaceChildren(...endings.map((ending) => h("option", {value: ending}, `.${ending}`)));
      format.dataset.of = endings.join();
    }
    keyLabel.hidden = asked !== "h5ad";
    form.scope.hidden = asked === "session";
    setText(note, noteWords(asked, selection, state));
    save.disabled = !isReady;
    format.disabled = endings.length === 1;
    for (const option of what.options) option.disabled = !canExport(option.value as ExportWhat, state);
    if (what.selectedOptions[0]?.disabled) {
      const first = [...what.options].find(({disabled}) => !disabled);
      if (first !== undefined && state.cells !== null) {
        what.value = first.value;
        show();
      }
    }
  }
  form.element.addEventListener("input", (event) => {
    event.stopPropagation();
    show();
  });
  function end(said: string): void {
    busy = false;
    // The keyboard keeps its place.
    const isHere = document.activeElement === cancel;
    cancel.hidden = bar.hidden = true;
    setText(status, said);
    show();
    if (isHere) save.focus();
  }
  show();
  return extend(root, {
    update(next: ExportState) {
      state = next;
      setText(all.words, next.cells ? `all ${formatCount(next.cells, "cell")}` : "all cells");
      setText(
        selected.words,
        next.selected > 0 ? `the ${formatInteger(next.selected)} selected` : "the selected (none is)"
      );
      selected.input.disabled = next.selected === 0;
      if (next.selected === 0 && selected.input.checked) all.input.checked = true;
      show();
    },
    working(said: string, share: number | null) {
      const isFirst = !busy;
      busy = true;
      const wasHere = document.activeElement === save;
      cancel.hidden = bar.hidden = false;
      setAttribute(bar, "value", share);
      setText(status, said);
      if (!isFirst) return;
      show();
      if (wasHere) cancel.focus();
    },
    done: end,
    failed({message, remedy = ""}: Notice) {
      end("");
      problem.replaceChildren(h("p", {}, `${sentence(message)} ${sentence(remedy)}`.trim()));
    }
  });
}

function fields() {
  const kinds = Object.keys(exportWords) as ExportWhat[];
  const what = h(
    "select",
    {"aria-label": "What to take away"},
    kinds.map((kind) => h("option", {value: kind}, exportWords[kind][0]))
  );
  const format = h("select", {"aria-label": "Format"});
  const key = h("input", {type: "text", value: "X_uce", size: 10, spellcheck: "false", "aria-label": "Name in obsm"});
  const keyLabel = h("label", {class: "wb-field"}, "name in obsm", key);
  const group = uniqueId("export");
  const radio = (value: string, checked: boolean) => {
    const input = h("input", {type: "radio", name: group, value, checked});
    const words = h("span");
    return {input, words, element: h("label", {class: "wb-field"}, input, words)};
  };
  const [all, selected] = [radio("all", true), radio("selected", false)];
  const cells = {class: "wb-fields", role: "radiogroup", "aria-label": "Cells"};
  const scope = h("span", cells, all.element, selected.element);
  const element = h(
    "div",
    {class: "wb-export-fields"},
    h("label", {class: "wb-field"}, h("span", {}, "What"), what),
    h("label", {class: "wb-field"}, h("span", {}, "as"), format),
    keyLabel,
    scope
  );
  return {element, what, format, key, keyLabel, scope, all, selected, note: h("p", {class: "wb-small"})};
}
