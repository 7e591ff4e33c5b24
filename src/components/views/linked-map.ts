import type {Table} from "apache-arrow";
import {cellDescriptions} from "./cell-descriptions.js";
import type {CellSelection} from "./cell-selection.js";
import type {ColorScale} from "./color-scale.js";
import {h} from "./dom.js";
import {sameRows} from "../core/cells/same-rows.js";
import {layoutOf, type MapLayout} from "./map-layout.js";
import {type MapSelection, type MapView, mapView} from "./map-view.js";
import type {ObsColumn} from "../core/tables/cells.js";

/** What linked maps have in common; each reads it when its cells are new. Rows are those of the file. */
export interface LinkedState {
  cells: {cellIds: readonly string[]; obs: readonly ObsColumn[]};
  /** Line of a cell's tooltip about what colors it; null: none. */
  describe(row: number): [name: string, value: string] | null;
  /** Colors of some cells; null: of all cells of the file. */
  scaleOf(rows: Int32Array | null): ColorScale;
  selection: CellSelection | null;
  /** The cell that is looked at. */
  looked: number | null;
}

/** What a map tells of what a person does on it. */
export interface LinkedMapHost {
  hover(row: number | null): void;
  look(row: number): void;
  select(rows: Int32Array, how: Pick<MapSelection, "change" | "by">): void;
  /** The map shows other cells than before. */
  changed(): void;
}

/** One of the maps. */
export interface LinkedMap {
  readonly element: HTMLElement;
  readonly view: MapView;
  /** Under the map: what is drawn. */
  readonly caption: HTMLElement;
  /** Row of each point; null: every row, in order. */
  readonly rows: Int32Array | null;
  /** Number of points. */
  readonly size: number;
  /** Places of cells: a layout, or a table of a umap stage. Null: none, with `words` in their place. */
  update(layout: MapLayout | Table | null, words?: string): void;
  /** Takes colors, selection and the cell looked at from the state. */
  dress(): void;
  /** Takes the selection, or the cell looked at, alone. */
  select(): void;
  mark(): void;
  hover(row: number | null): void;
  /** How many of these rows (ascending) it shows. */
  showing(rows: Int32Array): number;
}

/** What a map is called: on the page, and for people who do not see it; `more` stands beside its name. */
export interface LinkedMapNames {
  name: string;
  title: string;
  more?: HTMLElement;
}

/** A map of cells that shares its state with others. */
export function linkedMap(names: LinkedMapNames, state: LinkedState, host: LinkedMapHost): LinkedMap {
  const caption = h("span");
  const view = mapView({positions: new Float32Array(0)}, {title: names.title, caption, aspect: 1, selectable: true});
  const element = h("div", {class: "wb-linked-map"}, h("h3", {}, names.name, names.more), view);
  let rows: Int32Array | null = new Int32Array(0);
  let size = 0;
  /** Point of each row, -1 for none; null: as the row. */
  let points: Int32Array | null = null;
  let cells = state.cells;

  const rowOf = (point: number): number => rows?.[point] ?? point;
  const pointOf = (row: number | null): number | null => {
    if (row === null || size === 0) return null;
    const point = points === null ? row : (points[row] ?? -1);
    return point >= 0 && point < size ? point : null;
  };
  listen(view, rowOf, host);

  function show(next: MapLayout): void {
    view.setMessage(null);
    view.setStatus(next.status ?? "");
    if (cells === state.cells && size === next.positions.length / 2 && sameRows(next.rows, rows)) {
      return view.setPositions(next.positions);
    }
    ({cells} = state);
    ({rows} = next);
    size = next.positions.length / 2;
    points = rows === null ? null : new Int32Array(cells.cellIds.length).fill(-1);
    rows?.forEach((row, point) => (points![row] = point));
    const {name, describe} = cellDescriptions(cells, rows ?? undefined);
    view.setCells({
      positions: next.positions,
      name,
      describe: (point) => [state.describe(rowOf(point)), ...describe(point)].filter((line) => line !== null)
    });
    dress();
    host.changed();
  }

  function empty(words: string): void {
    const had = size > 0;
    [rows, points, size] = [new Int32Array(0), null, 0];
    if (had) view.setCells({positions: new Float32Array(0)});
    view.setStatus("");
    view.setMessage(words);
    if (had) host.changed();
  }

  function dress(): void {
    if (size === 0) return;
    view.setColors(state.scaleOf(rows));
    select();
    mark();
  }

  function mark(): void {
    view.setMark(pointOf(state.looked));
  }

  function shown(rows: Int32Array): Int32Array {
    return points === null ? rows : rows.map((row) => points![row]).filter((point) => point >= 0);
  }

  function select(): void {
    const {selection} = state;
    if (size > 0) view.setSelection(selection === null ? null : shown(selection.rows));
  }

  return {
    element,
    view,
    caption,
    get rows() {
      return rows;
    },
    get size() {
      return size;
    },
    update(layout, words = "") {
      if (layout === null) return empty(words);
      show("schema" in layout ? layoutOf(layout) : layout);
    },
    dress,
    select,
    mark,
    hover: (row) => view.setHover(pointOf(row)),
    showing: (rows) => (size === 0 ? 0 : shown(rows).length)
  };
}

/** Passes on what happens on a map, as rows of the file. */
function listen(view: MapView, rowOf: (point: number) => number, host: LinkedMapHost): void {
  const hear = <Detail>(name: string, tell: (detail: Detail) => void) =>
    view.addEventListener(name, (event) => {
      // Points are this map's own: outside, rows are spoken of.
      event.stopPropagation();
      tell((event as CustomEvent<Detail>).detail);
    });
  hear<{point: number | null}>("hover", ({point}) => host.hover(point === null ? null : rowOf(point)));
  hear<{point: number | null}>("select", ({point}) => {
    if (point !== null) host.look(rowOf(point));
  });
  hear<MapSelection>("selection", ({points, ...how}) => host.select(points.map(rowOf).sort(), how));
}
