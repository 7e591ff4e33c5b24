import type {FileMap} from "../core/stages/file-maps.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {
  type CellSelection,
  selectCells,
  selectedByEntry,
  type SelectionMeans,
  type SelectionSource
} from "./cell-selection.js";
import {type ColorScale, pickCells, plainScale} from "./color-scale.js";
import {extend, h, send, setText} from "./dom.js";
import {formatCount} from "./format.js";
import {legend, type LegendPick} from "./legend.js";
import {linkedMap, type LinkedMap, type LinkedState} from "./linked-map.js";
import {umapCaption} from "./map-frame.js";
import {sameRows} from "../core/cells/same-rows.js";
import {selectionBar} from "./selection-bar.js";

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
 * Maps of the same cells side by side, with one hover, one selection, one color and one legend: lasso, rectangle, legend and tables that
 * are linked change the same set of rows. An input: its value is those rows, ascending, or null for none. Escape clears the selection.
 * Events beside "input" (CustomEvent): "hover" {row} (null: none), "cell" {row} when one is chosen to be looked at, "cells" when a map shows others.
 */
export type LinkedMaps = HTMLElement & {
  value: Int32Array | null;
  /** Selects these rows (ascending; null: none), as a person did with `by` (alone, where it is selected "anew"), and tells of it ("input"). */
  take(rows: Int32Array | null, by: SelectionSource, how?: "anew"): void;
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

/** Names of the two maps, on them and for those who do not see them. */
function namesOf(models: LinkedMapsOptions["models"]): {name: string; title: string}[] {
  if (models !== undefined)
    return models.map((name) => ({name, title: `UMAP of the vectors of the ${name.toLowerCase()}`}));
  return [
    {name: "This model", title: "UMAP of the model's vectors"},
    {name: "30 principal components", title: "UMAP of principal components"}
  ];
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

const how =
  "No cells are selected. Draw around cells on a map, press S on it, or click a group of the legend; Shift adds.";

/** How linked maps are made. */
export interface LinkedMapsOptions {
  /** Names of the two maps where both are of models: the second takes the place of that of principal components. */
  models?: readonly [first: string, second: string];
  /** True: the model's map stands alone (but for those that the file brings). */
  alone?: boolean;
}

/** The maps, empty; see LinkedMaps. Call `dispose` when they leave the page. */
export function linkedMaps({models, alone = false}: LinkedMapsOptions = {}): LinkedMaps {
  const state = linkedState();
  const bar = selectionBar({how, clear: () => select(null)});
  const host = {
    hover(row: number | null) {
      for (const map of all) map.hover(row);
      send(root, "hover", {row});
    },
    look: (row: number) => (look(row), send(root, "cell", {row})),
    select: (rows: Int32Array, means: SelectionMeans) => select(selectCells(state.selection, rows, means)),
    changed() {
      name();
      key.draw();
      tell();
      send(root, "cells");
    }
  };
  const [model, components] = namesOf(models).map((name) => linkedMap(name, state, host));
  const own = fileMap(state, host);
  const all = [model, components, own.map];
  const key = linkedLegend(state, model, host);
  const root = frameOf(alone ? [model, own.map] : all, bar, key.element);
  let note = "";
  model.update(null, "The map appears here when a file is open");
  components.update(null);
  tell();
  // What happens in it is its own affair, but for another selection.
  root.addEventListener("input", (event) => event.target !== root && event.stopPropagation());
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) select(null);
  });

  function name(): void {
    setText(model.caption, captionOf(model.size, note));
    if (models) setText(components.caption, captionOf(components.size, ""));
  }

  function tell(): void {
    const {selection} = state;
    const shown = selection === null || model.size === 0 ? null : model.showing(selection.rows);
    bar.show({selection, cells: state.cells.cellIds.length, shown});
  }

  function select(selection: CellSelection | null): void {
    if (selection === null && state.selection === null) return;
    show(selection);
    send(root, "input");
  }

  function show(selection: CellSelection | null): void {
    state.selection = selection;
    tell();
    key.mark();
    for (const map of all) map.select();
  }

  const look = (row: number | null): void => {
    state.looked = row;
    for (const map of all) map.mark();
  };

  return extend(root, {
    get value() {
      return state.selection?.rows ?? null;
    },
    set value(rows: Int32Array | null) {
      show(rows === null || rows.length === 0 ? null : {rows, by: []});
    },
    take(rows: Int32Array | null, by: SelectionSource, how?: "anew") {
      const before = how === "anew" ? [] : (state.selection?.by ?? []);
      select(rows && {rows, by: [...new Set([...before, by])]});
    },
    model,
    components,
    open(this: LinkedMaps, {cellIds, obs, maps: brought}: MappedFile, options: {note?: string} = {}) {
      note = options.note ?? "";
      if (state.open({cellIds, obs})) {
        for (const map of all) map.update(null);
        select(null);
        tell();
      }
      own.open(brought);
      name();
      return this;
    },
    color(coloring: Coloring) {
      state.color(coloring);
      for (const map of all) map.dress();
      key.draw();
    },
    look,
    hover(row: number | null) {
      for (const map of all) map.hover(row);
    },
    dispose() {
      key.dispose();
      for (const {view} of all) view.dispose();
    }
  });
}

/** The legend of the cells on the model's map (of all where it has none); a pick on it selects. */
function linkedLegend(
  state: LinkedState,
  model: LinkedMap,
  host: {select(rows: Int32Array, means: SelectionMeans): void}
) {
  const element = legend(plainScale(0));
  let pending = 0;
  element.addEventListener("pick", (event) => {
    const {entry, change} = (event as CustomEvent<LegendPick>).detail;
    host.select(rowsOfEntry(state, model, entry), {change, by: "legend"});
  });
  const mark = (): void => element.setSelected(state.selection === null ? null : selectedGroups(state, model));
  return {
    element,
    mark,
    /** A legend of fifty groups takes a frame of its own. */
    draw(): void {
      cancelAnimationFrame(pending);
      pending = requestAnimationFrame(() => {
        element.update(state.scaleOf(model.size > 0 ? model.rows : null), state.scaleOf(null));
        mark();
      });
    },
    dispose: () => cancelAnimationFrame(pending)
  };
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
    selection: null,
    looked: null
  };
  return Object.assign(state, {
    /** True if the cells are others than before. */
    open(cells: LinkedState["cells"]): boolean {
      if (cells.cellIds === state.cells.cellIds) return false;
      Object.assign(state, {cells, looked: null});
      return true;
    },
    color(next: Coloring): void {
      coloring = next;
    }
  });
}

/** Rows of an entry of the legend, ascending: of the cells on the model's map if it has any, else of all. */
function rowsOfEntry(state: LinkedState, {size, rows}: LinkedMap, entry: number): Int32Array {
  const {index} = state.scaleOf(null);
  const cells = size > 0 && rows !== null ? rows : Int32Array.from(index, (_, row) => row);
  return cells.filter((row) => index[row] === entry);
}

/** How many of the cells that the legend counts are selected, by entry. */
function selectedGroups(state: LinkedState, {size, rows}: LinkedMap): Uint32Array {
  const {index} = state.scaleOf(null);
  const counted = size > 0 && rows !== null ? new Set(rows) : null;
  const selected = (state.selection?.rows ?? new Int32Array(0)).filter((row) => counted?.has(row) ?? true);
  return selectedByEntry(index, 256, selected);
}
