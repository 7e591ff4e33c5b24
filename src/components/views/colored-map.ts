import type {Table} from "apache-arrow";
import type {CellColumns, ObsColumn} from "../core/tables/cells.js";
import {placedCells} from "../core/tables/placed-cells.js";
import {cellDescriptions} from "./cell-descriptions.js";
import {type ColorScale, colorScale, pickCells, plainScale} from "./color-scale.js";
import {extend, h} from "./dom.js";
import {legend} from "./legend.js";
import {umapCaption} from "./map-frame.js";
import {mapView} from "./map-view.js";

/** A file's cells, as a map names and colors them. */
export interface MappedFile extends Pick<CellColumns, "cellIds" | "obs"> {}

/**
 * One map with its legend, made once and given new data: cells with their places, the column that colors them, a word about its state.
 * "cell" (CustomEvent, detail: row in the file) tells that a cell was chosen.
 */
export type ColoredMap = HTMLElement & {
  /**
   * A table of row, x and y: a layout as it forms, with its epoch in the schema's metadata, or a finished map. The same cells keep zoom
   * and marks.
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
  const root = h("div", {class: "wb-mapgrid"}, map, key);
  let shown: Int32Array | null = null;
  let whole: ColorScale = plainScale(0);

  function paint(): void {
    const scale = shown === null ? whole : pickCells(whole, shown);
    if (shown !== null) map.setColors(scale);
    key.update(scale);
  }

  key.addEventListener("highlight", (event) =>
    map.setHighlight((event as CustomEvent<ReadonlySet<number> | null>).detail)
  );
  map.addEventListener("select", (event) => {
    const {point} = (event as CustomEvent<{point: number | null}>).detail;
    if (point !== null && shown !== null) root.dispatchEvent(new CustomEvent("cell", {detail: shown[point]}));
  });

  return extend(root, {
    follow(file: MappedFile, table: Table) {
      const {rows, positions} = placedCells(table);
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
      whole = column === null ? plainScale(file.cellIds.length) : colorScale(column);
      paint();
    },
    dispose: () => map.dispose()
  });
}
