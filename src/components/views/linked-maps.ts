import type {FileMap} from "../core/stages/file-maps.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {type ColorScale, pickCells, plainScale} from "./color-scale.js";
import {extend, h, send, setText} from "./dom.js";
import {formatCount, formatInteger} from "./format.js";
import {legend} from "./legend.js";
import {linkedMap, type LinkedMap, type LinkedState} from "./linked-map.js";
import {umapCaption} from "./map-frame.js";
import {sameRows} from "./map-layout.js";
import {changeSelection} from "./points-inside.js";

/** What colors cells. */
export interface Coloring {
  /** "obs:NAME", "gene:SYMBOL", or "" for nothing. */
  by: string;
  /** Colors of all cells of the file. */
  scale: ColorScale;
  /** A line about what colors it for the tooltip of a cell (by its row); null where the tooltip has it anyhow. */
  describe(row: number): [name: string, value: string] | null;
}

/** The cells of a file, as the maps show them. */
export interface MappedFile {
  cellIds: readonly string[];
  obs: readonly ObsColumn[];
  /** Maps that the file brings. */
  maps: readonly FileMap[];
}

/**
 * Maps of the same cells side by side, with one hover, one selection, one color and one legend. An input: its value is the rows
 * that are selected, ascending, or null for none. Events beside "input" (CustomEvent): "hover" {row} (null: none), "cell" {row}
 * when one is chosen to be looked at.
 */
export type LinkedMaps = HTMLElement & {
  value: Int32Array | null;
  /** The model's map, and that of principal components: `update` gives them places. */
  readonly model: LinkedMap;
  readonly components: LinkedMap;
  /** Another file: its columns and its own maps; nothing is selected. `note` is what must be known of the model's map. The maps themselves, for the cells that fill them. */
  open(file: MappedFile, options?: {note?: string}): LinkedMaps;
  color(coloring: Coloring): void;
  /** Marks the cell that is looked at. */
  look(row: number | null): void;
  /** Marks a cell on all maps, as another view's hover does. */
  hover(row: number | null): void;
  dispose(): void;
};

function captionOf(cells: number, note: string): string {
  const words = `${formatCount(cells, "cell")} placed by UMAP from the model's vectors. ${umapCaption} ${note}`;
  return cells === 0 ? "" : words.trim();
}

/** The maps that a file brings, one of them shown; hidden where it brings none. */
function fileMap(state: LinkedState, host: Parameters<typeof linkedMap>[2]) {
  let maps: readonly FileMap[] = [];
  const choice = h("select", {"aria-label": "Map of the file to show", onchange: () => show()});
  const map = linkedMap({name: "In the file", title: "The file's own map", more: choice}, state, host);
  setText(map.caption, `As the file brings it. ${umapCaption}`);
  map.element.hidden = true;
  function show(): void {
    const chosen = maps.find(({name}) => name === choice.value);
    if (chosen !== undefined) map.update({rows: null, positions: chosen.positions});
  }
  return {
    map,
    open(brought: readonly FileMap[]) {
      maps = brought;
      map.element.hidden = maps.length === 0;
      choice.replaceChildren(...maps.map(({name}) => h("option", {value: name}, name)));
      show();
    }
  };
}

function frameOf(maps: readonly LinkedMap[], ...below: HTMLElement[]): HTMLElement {
  const elements = maps.map(({element}) => element);
  const label = {class: "wb-card wb-linked", "aria-label": "Maps of the cells"};
  return h("section", label, h("div", {class: "wb-linked-maps"}, elements), below);
}

/** The maps, empty; see LinkedMaps. Call `dispose` when they leave the page. */
export function linkedMaps(): LinkedMaps {
  const state = linkedState();
  const bar = selectionBar({clear: () => select(null), groups: () => select(rowsOfGroups(state, model))});
  const key = legend(plainScale(0));
  const host = {
    hover(row: number | null) {
      for (const map of all) map.hover(row);
      send(root, "hover", {row});
    },
    look: (row: number) => (look(row), send(root, "cell", {row})),
    select: (rows: Int32Array, change: Parameters<typeof changeSelection>[2]) =>
      select(changeSelection(state.selection, rows, change)),
    changed() {
      name();
      drawKey();
    }
  };
  const model = linkedMap({name: "This model", title: "UMAP of the model's vectors"}, state, host);
  const components = linkedMap({name: "30 principal components", title: "UMAP of principal components"}, state, host);
  const own = fileMap(state, host);
  const all = [model, components, own.map];
  const root = frameOf(all, bar.element, key);
  let pending = 0;
  let note = "";
  model.update(null, "The map appears here when a file is open");
  components.update(null);
  bar.show(null, 0);
  // What happens in it is its own affair, but for another selection.
  root.addEventListener("input", (event) => event.target !== root && event.stopPropagation());
  key.addEventListener("highlight", (event) => {
    state.highlight = (event as CustomEvent<ReadonlySet<number> | null>).detail;
    bar.offerGroups(state.highlight !== null);
    for (const {view} of all) view.setHighlight(state.highlight);
  });

  function name(): void {
    setText(model.caption, captionOf(model.size, note));
  }

  /** A legend of fifty groups takes a frame of its own. */
  function drawKey(): void {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => key.update(state.scaleOf(model.size > 0 ? model.rows : null)));
  }

  function select(rows: Int32Array | null): void {
    if (rows === null && state.selection === null) return;
    show(rows);
    send(root, "input");
  }

  function show(rows: Int32Array | null): void {
    state.selection = rows;
    bar.show(rows, state.cells.cellIds.length);
    for (const map of all) map.select();
  }

  const look = (row: number | null): void => {
    state.looked = row;
    for (const map of all) map.mark();
  };

  return extend(root, {
    get value() {
      return state.selection;
    },
    set value(rows: Int32Array | null) {
      show(rows);
    },
    model,
    components,
    open(this: LinkedMaps, {cellIds, obs, maps: brought}: MappedFile, options: {note?: string} = {}) {
      note = options.note ?? "";
      if (state.open({cellIds, obs})) {
        for (const map of all) map.update(null);
        select(null);
        bar.show(null, cellIds.length);
      }
      own.open(brought);
      name();
      return this;
    },
    color(coloring: Coloring) {
      state.color(coloring);
      bar.offerGroups(false);
      for (const map of all) map.dress();
      drawKey();
    },
    look,
    hover(row: number | null) {
      for (const map of all) map.hover(row);
    },
    dispose() {
      cancelAnimationFrame(pending);
      for (const {view} of all) view.dispose();
    }
  });
}

/** What the maps have in common, for no file. */
function linkedState() {
  let coloring: Coloring = {by: "", scale: plainScale(0), describe: () => null};
  let picked: {whole: ColorScale; rows: Int32Array; scale: ColorScale} | null = null;
  const state: LinkedState = {
    cells: {cellIds: [], obs: []},
    describe: (row) => coloring.describe(row),
    /** Kept, because maps of one run share theirs. */
    scaleOf(rows) {
      const whole =
        coloring.scale.index.length === state.cells.cellIds.length
          ? coloring.scale
          : plainScale(state.cells.cellIds.length);
      if (rows === null) return whole;
      if (picked?.whole !== whole || !sameRows(rows, picked.rows))
        picked = {whole, rows, scale: pickCells(whole, rows)};
      return picked.scale;
    },
    highlight: null,
    selection: null,
    looked: null
  };
  return Object.assign(state, {
    /** True if the cells are others than before. */
    open(cells: LinkedState["cells"]): boolean {
      if (cells.cellIds === state.cells.cellIds) return false;
      Object.assign(state, {cells, highlight: null, looked: null});
      return true;
    },
    color(next: Coloring): void {
      coloring = next;
      state.highlight = null;
    }
  });
}

/** Rows whose group is highlighted, of the cells on the model's map, else of all; null if there are none. */
function rowsOfGroups(state: LinkedState, model: LinkedMap): Int32Array | null {
  const {index} = state.scaleOf(null);
  const rows = model.size > 0 && model.rows !== null ? model.rows : Int32Array.from(index, (_, row) => row);
  const found = rows.filter((row) => state.highlight?.has(index[row]) === true);
  return found.length === 0 ? null : found;
}

/** The line that says how many cells are selected, with what can be done about it. */
function selectionBar({clear, groups}: {clear(): void; groups(): void}) {
  const words = h("span", {role: "status"});
  const button = (label: string, onclick: () => void) =>
    h("button", {type: "button", class: "wb-link", hidden: true, onclick}, label);
  const clearButton = button("Clear the selection", clear);
  const groupsButton = button("Select the groups shown", groups);
  return {
    element: h("p", {class: "wb-small wb-linked-selection"}, words, clearButton, groupsButton),
    offerGroups(isOffered: boolean) {
      groupsButton.hidden = !isOffered;
    },
    show(rows: Int32Array | null, all: number) {
      clearButton.hidden = rows === null;
      const none = "No cells are selected: draw round them with ◌ or ▭ on a map, or press S on it.";
      setText(words, rows === null ? none : `${formatInteger(rows.length)} of ${formatCount(all, "cell")} selected.`);
    }
  };
}
