import {changeSelections, type SelectionsAction} from "../core/selections/change-selections.js";
import {mergeSelections} from "../core/selections/merge-selections.js";
import {type NamedSelection, noSelections, type SelectionsState} from "../core/selections/selections.js";
import type {OpenFile, Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import type {SelectionSource} from "../views/cell-selection.js";
import {extend, h, send, setText} from "../views/dom.js";
import type {LinkedMaps} from "../views/linked-maps.js";
import {selectionList} from "../views/selection-list.js";
import {selectionScale} from "../views/selection-scale.js";
import type {ColorInput} from "./color-input.js";
import type {GeneSource} from "./gene-source.js";
import {selectionSources} from "./selection-sources.js";
import {clearedEvent, rememberSelections, restoredSelections} from "./selection-storage.js";

/** The selections of a file as an input: its value is those with names. "input" tells of others. */
export type SelectionPanel = HTMLElement & {
  readonly value: readonly NamedSelection[];
  /** Works on the selection of these maps of a file, until the wish is withdrawn: brings back what this browser or the address has, and offers colors. */
  open(file: OpenFile, linked: Linked & Wish): void;
  /** A name that the selected cells can be saved under; null for none. */
  suggest(name: string | null): void;
};

/** What the panel works with. */
export interface Linked {
  maps: LinkedMaps;
  /** Offered the colors of saved selections. */
  colors?: ColorInput;
  /** Where cells can be looked for by genes, and by the vectors of an embed stage. */
  genes?: GeneSource | null;
  embeddings?: Stage | null;
}

const tooLong = "Too many cells for a link: these selections stay in this browser, and go with the saved session.";

/** The panel, for no file. Undo and redo are also Ctrl+Z and Ctrl+Shift+Z within it. */
export function selectionPanel(): SelectionPanel {
  const {root, list, sources, note, color} = panelParts(find);
  let state: SelectionsState = noSelections;
  let file: OpenFile | null = null;
  let linked: Linked | null = null;
  let suggested: string | null = null;

  const all = (): Int32Array => {
    const rows = linked && linked.maps.model.size > 0 ? linked.maps.model.rows : null;
    return rows ?? Int32Array.from({length: file?.cellIds.length ?? 0}, (_, row) => row);
  };
  function show(): void {
    list.show({state, all: all(), suggested});
    color.hidden = state.saved.length === 0 || linked?.colors === undefined;
  }
  function offer(): void {
    const {saved} = state;
    linked?.colors?.offer(
      "selections",
      saved.length === 0 || file === null ? null : selectionScale(saved, file.cellIds.length)
    );
  }
  /** `by`: with what cells are selected; null where the maps select them, who know. */
  function act(action: SelectionsAction, by: SelectionSource | null = "name"): void {
    const before = state;
    take(changeSelections(state, action), by);
    if (state.saved !== before.saved) void keep();
  }
  function take(next: SelectionsState, by: SelectionSource | null): void {
    const before = state;
    if (next === before) return;
    state = next;
    show();
    if (state.current !== before.current && by !== null) linked?.maps.take(state.current, by, "anew");
    if (state.saved === before.saved) return;
    offer();
    send(root, "input");
  }
  /** Keeps the named selections as they are now, and says where they are. */
  async function keep(): Promise<void> {
    if (file === null) return;
    const {saved} = state;
    const fits = await rememberSelections(file.identity, saved);
    document.dispatchEvent(new Event("workbook-storage"));
    if (saved === state.saved) setText(note, fits ? "" : tooLong);
  }
  function find(rows: Int32Array, by: SelectionSource, narrow: boolean): void {
    act(narrow ? {type: "combine", rows, change: "and"} : {type: "select", rows}, by);
  }
  async function restore(signal: AbortSignal): Promise<void> {
    const from = file;
    const found = from === null ? [] : await restoredSelections(from);
    if (signal.aborted || from !== file) return;
    const saved = mergeSelections(found, state.saved);
    if (saved.length === state.saved.length) return;
    act({type: "open", current: state.current, saved});
  }

  color.addEventListener("click", () => linked?.colors?.choose("made:selections"));
  list.addEventListener("action", (event) => act((event as CustomEvent<SelectionsAction>).detail));
  root.addEventListener("keydown", (event) => undoKeys(event, act));
  show();
  return extend(root, {
    get value() {
      return state.saved;
    },
    open(next: OpenFile, to: Linked & Wish) {
      const {maps, genes = null, embeddings = null} = to;
      const signal = wishSignal(to) ?? new AbortController().signal;
      const isOther = file?.identity !== next.identity;
      [file, linked] = [next, to];
      if (isOther) take(changeSelections(state, {type: "open", current: maps.value, saved: []}), "name");
      const follow = () => act({type: "select", rows: maps.value}, null);
      maps.addEventListener("input", ({target}) => target === maps && follow(), {signal});
      maps.addEventListener("cells", () => show(), {signal});
      const look = (row: number | null) => sources.look(row === null ? null : {row, name: next.cellIds[row]});
      maps.addEventListener("cell", (event) => look((event as CustomEvent<{row: number}>).detail.row), {signal});
      addEventListener("popstate", () => void restore(signal), {signal});
      document.addEventListener(clearedEvent, () => act({type: "open", current: state.current, saved: []}), {signal});
      if (isOther) {
        look(null);
        setText(note, "");
      }
      sources.from({obs: next.obs, all, genes, embeddings});
      offer();
      show();
      void restore(signal);
    },
    suggest(name: string | null) {
      suggested = name;
      show();
    }
  });
}

/** What the panel is made of; `found` hears what a form found. */
function panelParts(found: Parameters<typeof selectionSources>[0]) {
  const list = selectionList();
  const sources = selectionSources(found);
  const note = h("p", {class: "wb-small", role: "status"});
  const color = h("button", {type: "button", class: "wb-link"}, "Color the map by them");
  const more = h(
    "details",
    {class: "wb-selection-more"},
    h("summary", {}, "Find cells by gene, number or nearness"),
    sources
  );
  const parts = [h("h3", {}, "Selections"), list, color, note, more];
  const root = h("section", {class: "wb-card wb-selections", "aria-label": "Selections"}, parts);
  return {root, list, sources, note, color};
}

function undoKeys(event: KeyboardEvent, act: (action: SelectionsAction) => void): void {
  const isText = event.target instanceof HTMLInputElement;
  if (isText || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  act({type: event.shiftKey ? "redo" : "undo"});
}
