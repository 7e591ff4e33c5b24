import {mapLinks, type PlacedCells} from "../core/space/map-links.js";
import type {ObsColumn} from "../core/tables/cells.js";
import type {MappedFile} from "./colored-map.js";
import {type ColorScale, colorScale, pickCells, plainScale} from "./color-scale.js";
import {extend, h, setText} from "./dom.js";
import {umapCaption} from "./map-frame.js";
import {miniMap} from "./mini-map.js";

/** Maps of the same vectors side by side, made once: each is given its places, all the color and the cell that is looked at. */
export type SeedMaps = HTMLElement & {
  /** The map number `i` (from 0) under a title: `update` gives it places, or null with a word about why. */
  slot(i: number, title: string): {update(placed: PlacedCells | null, message?: string): void};
  color(file: MappedFile, column: ObsColumn | null): void;
  /** The cell that is looked at and rows of its nearest in the embedding; null: none. */
  mark(cell: {row: number; near: Int32Array} | null): void;
  dispose(): void;
};

/** `count` maps, with a word about how to read them. */
export function seedMaps({count}: {count: number}): SeedMaps {
  const maps = Array.from({length: count}, (_, i) => miniMap({title: `Map ${i + 1}`, aspect: 1}));
  const notes = maps.map(() => h("p", {class: "wb-small wb-mini-note"}, "\u00a0"));
  const caption = `The same vectors and parameters, ${count} seeds. Lines lead from the chosen cell to its nearest in the embedding. ${umapCaption}`;
  const cells = maps.map((map, i) => h("div", {}, map, notes[i]));
  const root = h(
    "figure",
    {class: "wb-seeds"},
    h("div", {class: "wb-seeds-grid"}, cells),
    h("figcaption", {class: "wb-small"}, caption)
  );
  const places: (PlacedCells | null)[] = maps.map(() => null);
  let whole: ColorScale = plainScale(0);
  let marked: {row: number; near: Int32Array} | null = null;

  function draw(i: number): void {
    const placed = places[i];
    if (placed === null) {
      maps[i].setCells(new Float32Array(0), plainScale(0));
      maps[i].setMark(null);
      maps[i].setLinks(null);
      return setText(notes[i], "\u00a0");
    }
    maps[i].setCells(placed.positions, pickCells(whole, placed.rows));
    const links = marked === null ? null : mapLinks(placed, marked.row, marked.near);
    maps[i].setMark(links?.from ?? null);
    maps[i].setLinks(links === null ? null : {...links, map: []});
    const kept =
      links === null ? "\u00a0" : `keeps ${links.both.length} of the cell's ${marked!.near.length} neighbors`;
    setText(notes[i], kept);
  }

  return extend(root, {
    slot(i: number, title: string) {
      setText(maps[i].querySelector<HTMLElement>(".wb-mini-title")!, title);
      return {
        update(placed: PlacedCells | null, message = "") {
          maps[i].setMessage(placed === null ? message : null);
          places[i] = placed;
          draw(i);
        }
      };
    },
    color(file: MappedFile, column: ObsColumn | null) {
      whole = column === null ? plainScale(file.cellIds.length) : colorScale(column);
      places.forEach((_, i) => draw(i));
    },
    mark(cell: {row: number; near: Int32Array} | null) {
      marked = cell;
      places.forEach((_, i) => draw(i));
    },
    dispose: () => maps.forEach((map) => map.dispose())
  });
}
