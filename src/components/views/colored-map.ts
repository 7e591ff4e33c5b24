import type {Table} from "apache-arrow";
import {WorkbookError} from "../core/errors.js";
import type {CellColumns, ObsColumn} from "../core/tables/cells.js";
import {placedCells} from "../core/tables/placed-cells.js";
import {cellDescriptions} from "./cell-descriptions.js";
import {type CellSelection, selectCells, selectedByEntry} from "./cell-selection.js";
import {type ColorScale, colorScale, pickCells, plainScale} from "./color-scale.js";
import {extend, h} from "./dom.js";
import {legend, type LegendPick} from "./legend.js";
import {umapCaption} from "./map-frame.js";
import {mapView} from "./map-view.js";
import {selectionBar} from "./selection-bar.js";

/**
 * A file's cells, as a map names and colors them: all of them in the file's order, or those of a cells table, whose `rows` say which rows of
 * the file they are.
 */
export interface MappedFile extends Pick<CellColumns, "cellIds" | "obs">, Partial<Pick<CellColumns, "rows">> {}

/**
 * One map with its legend, made once and given new data: cells with their places, the column that colors them, a word about its state.
 * Groups of the legend are selected as on the linked maps; Escape clears the selection. "cell" (CustomEvent, detail: row in the file)
 * tells that a cell was chosen.
 */
export type ColoredMap = HTMLElement & {
  /**
   * A table of row, x and y: a layout as it forms, with its epoch in the schema's metadata, or a finished map. The same cells keep zoom
   * and marks. Throws a WorkbookError ("other-cells") if it has a cell that the file's `rows` lack.
   */
  follow(file: MappedFile, table: Table): void;
  color(file: MappedFile, column: ObsColumn | null): void;
  dispose(): void;
};

/** The map, empty with `message` on it; `title` is its accessible name. */
export function coloredMap({title, message = ""}: {title: string; message?: string}): ColoredMap {
  const map = mapView({positions: new Float32Array(0)}, {title, caption: umapCaption});
  map.setMessage(message);
  const key = legend(plainScale(0));
  const bar = selectionBar({
    how: "No cells are selected. Click a group of the legend; Shift adds.",
    clear: () => select(null)
  });
  const root = h("div", {class: "wb-mapgrid"}, map, h("div", {}, bar, key));
  let shown: Int32Array | null = null;
  let whole: ColorScale = plainScale(0);
  let selection: CellSelection | null = null;
  let cells: readonly string[] = [];
  let fileRows: Int32Array | undefined;

  function paint(): void {
    const scale = shown === null ? whole : pickCells(whole, shown);
    if (shown !== null) map.setColors(scale);
    key.update(scale, whole);
    select(selection);
  }

  function select(next: CellSelection | null): void {
    selection = next;
    const chosen = new Set(selection?.rows);
    const points = Int32Array.from(shown?.keys() ?? []).filter((point) => chosen.has(shown![point]));
    map.setSelection(selection === null ? null : points);
    key.setSelected(selection === null ? null : selectedByEntry(whole.index, 256, selection.rows));
    bar.show({selection, cells: whole.index.length, shown: shown === null ? null : points.length});
  }

  key.addEventListener("pick", (event) => {
    const {entry, change} = (event as CustomEvent<LegendPick>).detail;
    const rows = (shown ?? Int32Array.from(whole.index.keys())).filter((row) => whole.index[row] === entry);
    select(selectCells(selection, rows, {change, by: "legend"}));
  });
  root.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && select(null));
  map.addEventListener("select", (event) => {
    const {point} = (event as CustomEvent<{point: number | null}>).detail;
    if (point !== null && shown !== null) {
      const place = shown[point];
      root.dispatchEvent(new CustomEvent("cell", {detail: fileRows?.[place] ?? place}));
    }
  });

  return extend(root, {
    follow(file: MappedFile, table: Table) {
      const {rows: placed, positions} = placedCells(table);
      const rows = placesOf(placed, (fileRows = file.rows));
      const {metadata} = table.schema;
      const epoch = metadata.get("epoch");
      map.setStatus(epoch === undefined ? "" : `epoch ${epoch} of ${metadata.get("epochs")}`);
      map.setMessage(null);
      const same = shown?.length === rows.length && rows.every((row, i) => row === shown![i]);
      if (same) return map.setPositions(positions);
      shown = rows;
      map.setCells({positions, ...cellDescriptions(file, rows)});
      paint();
    },
    color(file: MappedFile, column: ObsColumn | null) {
      // Rows of another file are others.
      if (cells !== file.cellIds) [cells, selection] = [file.cellIds, null];
      whole = column === null ? plainScale(file.cellIds.length) : colorScale(column);
      paint();
    },
    dispose: () => map.dispose()
  });
}

/** Where cells of these rows stand among cells whose rows are `of`; rows themselves where `of` is left out. */
function placesOf(rows: Int32Array, of: Int32Array | undefined): Int32Array {
  if (of === undefined) return rows;
  const places = new Map(Array.from(of, (row, i) => [row, i]));
  const missing = rows.find((row) => !places.has(row));
  if (missing === undefined) return rows.map((row) => places.get(row)!);
  throw new WorkbookError({
    domain: "table",
    code: "other-cells",
    fault: `the map has a cell of row ${missing}, which is not among the cells`,
    remedy: "give a map and cells of one run"
  });
}
