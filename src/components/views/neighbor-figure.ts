import {mapLinks, type PlacedCells} from "../core/space/map-links.js";
import {mapRanks} from "../core/space/map-ranks.js";
import type {ObsColumn} from "../core/tables/cells.js";
import {obsText} from "./cell-descriptions.js";
import type {MappedFile} from "./colored-map.js";
import {type ColorScale, colorScale, pickCells, plainScale} from "./color-scale.js";
import {extend, h, setText} from "./dom.js";
import {formatInteger} from "./format.js";
import {miniMap} from "./mini-map.js";
import {type ListedNeighbor, neighborLists} from "./neighbor-lists.js";

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
  /** Of the cell's nearest on the map (`nearestRows`, as many as `near` has), in their order: rank and cosine in the embedding. */
  ranks: {ranks: Int32Array; cosines: Float64Array};
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

/** One cell's nearest in the embedding against its nearest on the map: the whole map, the part around the cell, and both lists. */
export function neighborFigure({title}: {title: string}): NeighborFigure {
  const maps = [
    miniMap({title: "The whole map", selectable: true, part: "framed"}),
    miniMap({title: "The framed part", selectable: true, part: "region"})
  ];
  const lists = neighborLists();
  const caption = h("figcaption", {class: "wb-small"});
  const root = h(
    "figure",
    {class: "wb-neighbor-figure"},
    h("h3", {class: "wb-frame-title"}, title),
    h(
      "div",
      {class: "wb-linekey"},
      lineKey.map(([kind, words]) => h("span", {}, h("i", {class: "wb-line", "data-kind": kind}), words))
    ),
    h("div", {class: "wb-neighbor-maps"}, maps),
    lists,
    caption
  );
  let shown: Int32Array | null = null;
  for (const map of maps) {
    map.addEventListener("select", (event) => {
      const {point} = (event as CustomEvent<{point: number | null}>).detail;
      if (point !== null && shown !== null) root.dispatchEvent(new CustomEvent("cell", {detail: shown[point]}));
    });
  }

  function clear(message: string): void {
    shown = null;
    for (const map of maps) {
      map.setCells(new Float32Array(0), plainScale(0));
      map.setMark(null);
      map.setLinks(null);
      map.setMessage(message);
    }
    lists.update(null, message);
    setText(caption, "");
  }

  function show(data: NeighborFigureData): void {
    const {file, placed, column, near} = data;
    const links = mapLinks(placed, near.row, near.rows);
    if (links === null) return clear("The map does not place this cell.");
    shown = placed.rows;
    const scale = column === null ? plainScale(file.cellIds.length) : colorScale(column);
    for (const map of maps) {
      map.setMessage(null);
      map.setCells(placed.positions, pickCells(scale, placed.rows));
      map.setMark(links.from);
      map.setLinks(links);
    }
    lists.update({
      cell: file.cellIds[near.row],
      group: column && obsText(column, near.row),
      ...listed(data, scale, links)
    });
    const colored = column === null ? "" : `, colored by ${column.name}`;
    setText(
      caption,
      `Maps: all ${formatInteger(placed.rows.length)} cells${colored}; map units have no meaning. Click a cell, or use the arrow keys on a map, to choose it. ` +
        "Lists: rank 1 is the nearest of all cells. The cosine of two vectors is 1 for the same direction and 0 for a right angle."
    );
  }

  return extend(root, {
    update: (data: NeighborFigureData | null, waiting = "") => (data === null ? clear(waiting) : show(data)),
    dispose: () => maps.forEach((map) => map.dispose())
  });
}

/** Both lists: the nearest in the embedding with their ranks on the map, and the nearest on the map with theirs in the embedding. */
function listed(
  {file, placed, column, near, ranks}: NeighborFigureData,
  scale: ColorScale,
  {from, nearest}: {from: number; nearest: readonly number[]}
): {space: ListedNeighbor[]; map: ListedNeighbor[]} {
  const place = new Map(Array.from(placed.rows, (row, i) => [row, i]));
  const named = (row: number, cosine: number, otherRank: number): ListedNeighbor => {
    const color = scale.index[row];
    const group = column && {label: obsText(column, row), light: scale.light[color], dark: scale.dark[color]};
    return {row, name: file.cellIds[row], group, cosine, otherRank};
  };
  const rankOf = (row: number): number => (place.has(row) ? mapRanks(placed.positions, from, [place.get(row)!])[0] : 0);
  return {
    space: Array.from(near.rows, (row, i) => named(row, near.cosines[i], rankOf(row))),
    map: nearest.map((at, i) => named(placed.rows[at], ranks.cosines[i], ranks.ranks[i]))
  };
}
