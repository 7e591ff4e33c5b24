import {mapLinks, type PlacedCells} from "../core/space/map-links.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {obsText} from "./cell-descriptions.js";
import type {MappedFile} from "./colored-map.js";
import {colorScale, pickCells, plainScale} from "./color-scale.js";
import {extend, h} from "./dom.js";
import {umapCaption} from "./map-frame.js";
import {miniMap} from "./mini-map.js";
import {neighborLists} from "./neighbor-lists.js";

/** A cell and its nearest in the embedding. */
export interface NearCells {
  row: number;
  /** Rows of the nearest, nearest first, and the cosine of each with the cell. */
  rows: Int32Array;
  cosines: Float64Array;
}

/** What the figure shows. */
export interface NeighborFigureData {
  file: MappedFile;
  placed: PlacedCells;
  column: ObsColumn | null;
  near: NearCells;
}

/** Made once; "cell" (CustomEvent, detail: row in the file) tells that another cell was chosen on it. */
export type NeighborFigure = HTMLElement & {
  update(data: NeighborFigureData | null, waiting?: string): void;
  dispose(): void;
};

const lineKey: [kind: string, words: string][] = [
  ["both", "near in both"],
  ["space", "near in the embedding only"],
  ["map", "near on the map only"]
];

/** One cell of a map with lines to its nearest cells in the embedding and on the map, and both lists. */
export function neighborFigure({title}: {title: string}): NeighborFigure {
  const map = miniMap({title, selectable: true});
  const closeUp = h("input", {type: "checkbox", checked: true, onchange: () => map.setCloseUp(closeUp.checked)});
  const lists = neighborLists();
  const root = h(
    "figure",
    {class: "wb-neighbor-figure"},
    h(
      "div",
      {class: "wb-linekey"},
      lineKey.map(([kind, words]) => h("span", {}, h("i", {class: "wb-line", "data-kind": kind}), words))
    ),
    h("label", {class: "wb-field"}, closeUp, "close up"),
    h("div", {class: "wb-neighbor-grid"}, map, lists),
    h("figcaption", {class: "wb-small"}, `Click a cell, or use the arrow keys on the map. ${umapCaption}`)
  );
  let shown: Int32Array | null = null;
  map.setCloseUp(true);
  map.addEventListener("select", (event) => {
    const {point} = (event as CustomEvent<{point: number | null}>).detail;
    if (point !== null && shown !== null) root.dispatchEvent(new CustomEvent("cell", {detail: shown[point]}));
  });

  function clear(message: string): void {
    shown = null;
    map.setCells(new Float32Array(0), plainScale(0));
    map.setMark(null);
    map.setLinks(null);
    map.setMessage(message);
    lists.update(null, message);
  }

  function show({file, placed, column, near}: NeighborFigureData): void {
    const {rows, positions} = placed;
    const links = mapLinks(placed, near.row, near.rows);
    if (links === null) return clear("The map does not place this cell.");
    shown = rows;
    map.setMessage(null);
    map.setCells(positions, pickCells(column === null ? plainScale(file.cellIds.length) : colorScale(column), rows));
    map.setMark(links.from);
    map.setLinks(links);
    const label = (row: number) => (column === null ? null : obsText(column, row));
    const listed = (row: number) => {
      const at = near.rows.indexOf(row);
      const cosine = at < 0 ? null : near.cosines[at];
      return {name: file.cellIds[row], label: label(row), cosine};
    };
    const shared = new Set(links.both.map((place) => rows[place]));
    const list = (all: Iterable<number>) => Array.from(all, (row) => ({...listed(row), shared: shared.has(row)}));
    lists.update({
      cell: file.cellIds[near.row],
      label: label(near.row),
      space: list(near.rows),
      map: list(links.nearest.map((place) => rows[place]))
    });
  }

  return extend(root, {
    update: (data: NeighborFigureData | null, waiting = "") => (data === null ? clear(waiting) : show(data)),
    dispose: () => map.dispose()
  });
}
