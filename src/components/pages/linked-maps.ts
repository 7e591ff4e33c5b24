import type {WorkbookClient} from "../runtime/browser/client.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import type {ComponentMapRequest} from "../runtime/browser/services/component-map.js";
import {cellDescriptions} from "../views/cell-descriptions.js";
import {type ColorScale, pickCells, plainScale} from "../views/color-scale.js";
import {h, setText} from "../views/dom.js";
import {formatCount, formatInteger} from "../views/format.js";
import {legend} from "../views/legend.js";
import {type MapSelection, type MapView, mapView, umapCaption} from "../views/map-view.js";
import {changeSelection} from "../views/points-inside.js";
import {type Color, colorControl} from "./color-control.js";
import {componentComparison} from "./component-comparison.js";

/** Whom the maps ask and tell. Rows are those of the file. */
export interface LinkedMapsOptions {
  ask: WorkbookClient["ask"];
  /** What must be known of the model's map (that weights are random, say). */
  caption?: () => string;
  onColor?(color: Color): void;
  /** Cells were selected on a map or by the legend (ascending; null: none are). */
  onSelection?(rows: Int32Array | null): void;
  onHover?(row: number | null): void;
  /** A cell was chosen, to be looked at. */
  onCell?(row: number): void;
}

/** Maps of the same cells side by side, with one hover, one selection, one color and one legend. */
export interface LinkedMaps {
  readonly element: HTMLElement;
  /** Another file: its columns, genes and own map. Color and cell null (or not of this file): left to the maps. */
  open(file: OpenedFile, view?: {color?: Color | null; cell?: number | null; geneColumn?: string | null}): void;
  /** No file is open. */
  close(): void;
  /** No map of this run yet; `message` stands in the place of the model's. */
  clear(message: string): void;
  /** A state of the model's layout as it forms: x and y by turns for `rows`. */
  layout(rows: Int32Array, positions: Float32Array, status: string): void;
  /** The map of principal components of the same cells. */
  components(rows: Int32Array, positions: Float32Array): void;
  /** Asks the worker for that map and shows how far it is, or offers to (`componentComparison`); a fault is said in its place. */
  compare(request: ComponentMapRequest): Promise<void>;
  /** What colors all maps; setting it tells nobody. */
  color: Color;
  /** Rows that are selected, ascending; null: none. Setting it tells nobody. */
  selection: Int32Array | null;
  /** Row of the cell that is looked at; null: none. Setting it tells nobody. */
  cell: number | null;
  /** Marks a cell on all maps, as another view's hover does. */
  hover(row: number | null): void;
  dispose(): void;
}

/** One of the maps. */
interface Slot {
  element: HTMLElement;
  view: MapView;
  /** Row of each point; null: every row, in order. */
  rows: Int32Array | null;
  /** Point of each row, -1 for none; null: as the row. */
  points: Int32Array | null;
  cells: number;
}

/** The maps; see LinkedMaps. Call `dispose` when they leave the page. */
export function linkedMaps({
  ask,
  caption = () => "",
  onColor,
  onSelection,
  onHover,
  onCell
}: LinkedMapsOptions): LinkedMaps {
  const control = colorControl({ask, onColor: (color) => onColor?.(color), onScale: recolor});
  const key = legend(plainScale(0));
  const selected = h("span", {role: "status"});
  const clearButton = h(
    "button",
    {type: "button", class: "wb-link", hidden: true, onclick: () => select(null)},
    "Clear the selection"
  );
  const selectShown = h(
    "button",
    {type: "button", class: "wb-link", hidden: true, onclick: selectHighlighted},
    "Select the groups shown"
  );
  const modelWords = h("span");
  const comparison = componentComparison({
    ask,
    fill: (rows, positions) => fill(components, rows, positions),
    empty: (message) => empty(components, message),
    say: (message) => components.view.setMessage(message)
  });
  const choice = h("select", {"aria-label": "Map of the file to show", onchange: () => showFileMap()});
  const model = slot("This model", h("span", {}, modelWords), "UMAP of the model's vectors");
  const components = slot("30 principal components", comparison.caption, "UMAP of principal components");
  const own = slot("In the file", h("span", {}, `As the file brings it. ${umapCaption}`), "The file's own map", choice);
  const slots = [model, components, own];
  const element = h(
    "section",
    {class: "wb-card wb-linked", "aria-label": "Maps of the cells"},
    control.element,
    h(
      "div",
      {class: "wb-linked-maps"},
      slots.map((one) => one.element)
    ),
    h("p", {class: "wb-small wb-linked-selection"}, selected, clearButton, selectShown),
    key
  );
  let file: OpenedFile | null = null;
  let selection: Int32Array | null = null;
  let cell: number | null = null;
  let highlight: ReadonlySet<number> | null = null;
  let pending = 0;
  let picked: {whole: ColorScale; rows: Int32Array; scale: ColorScale} | null = null;
  nothing();

  function slot(name: string, words: HTMLElement, title: string, more?: HTMLElement): Slot {
    const view = mapView({positions: new Float32Array(0)}, {title, caption: words, aspect: 1, selectable: true});
    const made: Slot = {
      element: h("div", {class: "wb-linked-map"}, h("h3", {}, name, more), view),
      view,
      rows: null,
      points: null,
      cells: 0
    };
    const rowOf = (point: number): number => made.rows?.[point] ?? point;
    view.addEventListener("hover", (event) => {
      const {point} = (event as CustomEvent<{point: number | null}>).detail;
      const row = point === null ? null : rowOf(point);
      for (const other of slots) if (other !== made) other.view.setHover(pointOf(other, row));
      onHover?.(row);
    });
    view.addEventListener("select", (event) => {
      const {point} = (event as CustomEvent<{point: number | null}>).detail;
      if (point === null) return;
      look(rowOf(point));
      onCell?.(rowOf(point));
    });
    view.addEventListener("selection", (event) => {
      const {points, change} = (event as CustomEvent<MapSelection>).detail;
      select(changeSelection(selection, points.map(rowOf).sort(), change));
    });
    return made;
  }

  function fill(one: Slot, rows: Int32Array | null, positions: Float32Array): void {
    const same =
      one.cells === positions.length / 2 && (rows === one.rows || (rows !== null && sameRows(rows, one.rows)));
    one.view.setMessage(null);
    if (same) return one.view.setPositions(positions);
    one.rows = rows;
    one.cells = positions.length / 2;
    one.points = rows === null ? null : new Int32Array(file!.cellIds.length).fill(-1);
    rows?.forEach((row, point) => (one.points![row] = point));
    const {name, describe} = cellDescriptions(file!, rows ?? undefined);
    one.view.setCells({
      positions,
      name,
      describe: (point) =>
        [control.describe(rows?.[point] ?? point), ...describe(point)].filter((line) => line !== null)
    });
    dress(one);
  }

  function empty(one: Slot, message: string): void {
    Object.assign(one, {rows: new Int32Array(0), points: null, cells: 0});
    one.view.setCells({positions: new Float32Array(0)});
    one.view.setStatus("");
    one.view.setMessage(message);
  }

  /** Colors, selection and marks of a map whose cells are new. */
  function dress(one: Slot): void {
    if (one.cells === 0) return;
    one.view.setColors(scaleOf(one.rows));
    one.view.setHighlight(highlight);
    one.view.setSelection(pointsOf(one));
    one.view.setMark(pointOf(one, cell));
  }

  /** The scale for some rows; kept, because maps of one run share theirs. */
  function scaleOf(rows: Int32Array | null): ColorScale {
    if (rows === null) return control.scale;
    if (picked?.whole !== control.scale || !sameRows(rows, picked.rows))
      picked = {whole: control.scale, rows, scale: pickCells(control.scale, rows)};
    return picked.scale;
  }

  function pointOf({points, cells}: Slot, row: number | null): number | null {
    if (row === null || cells === 0) return null;
    const point = points === null ? row : (points[row] ?? -1);
    return point >= 0 ? point : null;
  }

  function pointsOf(one: Slot): Int32Array | null {
    if (selection === null || one.points === null) return selection;
    return selection.map((row) => one.points![row]).filter((point) => point >= 0);
  }

  function recolor(scale: ColorScale): void {
    highlight = null;
    selectShown.hidden = true;
    for (const one of slots) dress(one);
    // A legend of fifty groups takes a frame of its own.
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => key.update(model.cells > 0 ? scaleOf(model.rows) : scale));
  }

  key.addEventListener("highlight", (event) => {
    highlight = (event as CustomEvent<ReadonlySet<number> | null>).detail;
    selectShown.hidden = highlight === null;
    for (const one of slots) one.view.setHighlight(highlight);
  });

  function selectHighlighted(): void {
    const {index} = control.scale;
    const rows = model.cells > 0 ? model.rows! : Int32Array.from(index, (_, row) => row);
    const found = rows.filter((row) => highlight?.has(index[row]) === true);
    select(found.length === 0 ? null : found);
  }

  function select(rows: Int32Array | null): void {
    show(rows);
    onSelection?.(rows);
  }

  function show(rows: Int32Array | null): void {
    selection = rows;
    clearButton.hidden = rows === null;
    setText(
      selected,
      rows === null
        ? "No cells are selected: draw round them with ◌ or ▭ on a map, or press S on it."
        : `${formatInteger(rows.length)} of ${formatCount(file?.cellIds.length ?? 0, "cell")} selected.`
    );
    for (const one of slots) one.view.setSelection(one.cells === 0 ? null : pointsOf(one));
  }

  function look(row: number | null): void {
    cell = row;
    for (const one of slots) one.view.setMark(pointOf(one, row));
  }

  function showFileMap(): void {
    const map = file?.maps.find(({name}) => name === choice.value);
    if (map !== undefined) fill(own, null, map.positions);
  }

  function nothing(): void {
    own.element.hidden = true;
    for (const one of [model, own]) empty(one, "");
    comparison.clear("");
    show(null);
  }

  return {
    element,
    open(opened, {color = null, cell: looked = null, geneColumn = null} = {}) {
      nothing();
      file = opened;
      show(null);
      look(looked !== null && looked < opened.cellIds.length ? looked : null);
      own.element.hidden = opened.maps.length === 0;
      choice.replaceChildren(...opened.maps.map(({name}) => h("option", {value: name}, name)));
      element.hidden = false;
      control.open(opened, color, geneColumn);
      showFileMap();
      this.clear("The map appears here when the cells are embedded");
    },
    close() {
      element.hidden = true;
      nothing();
      setText(selected, "");
      setText(modelWords, "");
      file = null;
      control.close();
    },
    clear(message) {
      empty(model, message);
      comparison.clear("The same cells by their principal components, once the model's map is done");
      setText(modelWords, "");
      key.update(control.scale);
    },
    layout(rows, positions, status) {
      if (file === null) return;
      const other = model.cells === 0 || !sameRows(rows, model.rows);
      fill(model, rows, positions);
      model.view.setStatus(status);
      setText(
        modelWords,
        `${formatCount(rows.length, "cell")} placed by UMAP from the model's vectors. ${umapCaption} ${caption()}`.trim()
      );
      if (other) key.update(scaleOf(rows));
    },
    components(rows, positions) {
      if (file !== null) comparison.show(rows, positions);
    },
    compare: comparison.compare,
    get color() {
      return control.value;
    },
    set color(next: Color) {
      control.value = next;
    },
    get selection() {
      return selection;
    },
    set selection(next: Int32Array | null) {
      show(next);
    },
    get cell() {
      return cell;
    },
    set cell(next: number | null) {
      look(next);
    },
    hover(row) {
      for (const one of slots) one.view.setHover(pointOf(one, row));
    },
    dispose() {
      comparison.clear("");
      cancelAnimationFrame(pending);
      control.dispose();
      for (const {view} of slots) view.dispose();
    }
  };
}

function sameRows(rows: Int32Array, others: Int32Array | null): boolean {
  return (
    rows === others || (others !== null && rows.length === others.length && rows.every((row, i) => row === others[i]))
  );
}
