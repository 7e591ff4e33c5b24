import type {ReferenceMap} from "../core/questions/reference-map.js";
import {type CategoricalScale, colorScale, pickCells} from "./color-scale.js";
import {extend, h} from "./dom.js";
import {formatCount} from "./format.js";
import {type LegendPick, legend} from "./legend.js";
import {mapView} from "./map-view.js";
import {hex, rgbFromHex} from "./oklab.js";
import {grays, pageColors} from "./palette.js";

/** A reference's map with cells on it. */
export interface ReferenceMapData {
  map: ReferenceMap;
  reference: string;
  /** Names of all cells of the file, and their labels as numbers of the reference's labels, -1 for unknown. */
  cellIds: readonly string[];
  labels: Int32Array;
}

/** The map, made once; "cell" (CustomEvent, detail: row in the file) tells that a cell of one's own was chosen. null shows `waiting`. */
export type ReferenceMapView = HTMLElement & {
  update(data: ReferenceMapData | null, waiting?: string): void;
  dispose(): void;
};

/** The reference's cells pale in the back, one's own on top in the colors of their labels; a pick in the legend shows where a label is. */
export function referenceMapView({title}: {title: string}): ReferenceMapView {
  const caption = h("span");
  const map = mapView({positions: new Float32Array(0)}, {title, caption, labels: false});
  const key = legend(colorScale({name: "label", kind: "text", values: []}));
  const root = h("div", {class: "wb-reference-map"}, h("div", {class: "wb-mapgrid"}, map, key));
  key.hidden = true;
  let shown: ReferenceMap | null = null;
  let colors: CategoricalScale | null = null;
  /** Cells of this label stand out, those of the reference too; null: all are alike. */
  const pick = (entry: number | null): void => {
    if (colors === null) return;
    const {index, entries} = colors;
    const behind = entry === null ? -1 : entry + entries.length / 2;
    map.setSelection(
      entry === null ? null : [...index.keys()].filter((i) => index[i] === entry || index[i] === behind)
    );
    key.setSelected(entry === null ? null : entries.map(({count}, k) => (k === entry ? count : 0)));
  };
  key.addEventListener("pick", (event) => {
    const {entry, change} = (event as CustomEvent<LegendPick>).detail;
    pick(change === "remove" ? null : entry);
  });
  map.addEventListener("select", (event) => {
    const {point} = (event as CustomEvent<{point: number | null}>).detail;
    const own = point === null || shown === null ? -1 : point - shown.codes.length;
    if (own >= 0) root.dispatchEvent(new CustomEvent("cell", {detail: shown!.rows[own]}));
  });
  return extend(root, {
    update(data: ReferenceMapData | null, waiting = "") {
      shown = data?.map ?? null;
      map.setMessage(data === null ? waiting : null);
      key.hidden = data === null;
      if (data === null) {
        colors = null;
        map.setCells({positions: new Float32Array(0)});
        return caption.replaceChildren();
      }
      const {positions, placed, codes, rows, names} = data.map;
      const all = new Float32Array(positions.length + placed.length);
      all.set(positions);
      all.set(placed, positions.length);
      const own = Int32Array.from(rows, (row) => data.labels[row]);
      const whole = colorScale({
        name: "label",
        kind: "categorical",
        codes: Int32Array.from([...codes, ...own]),
        categories: names
      }) as CategoricalScale;
      map.setCells({
        positions: all,
        name: (point) =>
          point < codes.length ? `cell ${point} of ${data.reference}` : data.cellIds[rows[point - codes.length]],
        describe: (point) => {
          const code = point < codes.length ? codes[point] : own[point - codes.length];
          return [["label", code < 0 ? (point < codes.length ? "none" : "unknown") : names[code]]];
        }
      });
      const scale = paleBehind(whole, codes.length);
      colors = scale;
      map.setColors(scale);
      map.setSelection(null);
      key.update(ownEntries(scale, codes.length));
      caption.textContent = `Behind, pale: ${formatCount(codes.length, "cell")} of ${data.reference} where its makers laid them out; they do not move. On top: ${formatCount(rows.length, "cell")} of yours, each beginning at the mean of its 15 nearest and settled there by 100 epochs of UMAP (30 of more than 10,000 cells). Gray: unknown. Map units have no meaning.`;
    },
    dispose: () => map.dispose()
  });
}

/** The entries of one's own cells, with their counts, for the legend. */
function ownEntries(scale: CategoricalScale, behind: number): CategoricalScale {
  const own = pickCells(
    scale,
    Int32Array.from({length: scale.index.length - behind}, (_, i) => behind + i)
  );
  return {...own, entries: own.entries.slice(0, own.entries.length / 2)};
}

/** The same colors, with the first `behind` points in a pale form of theirs, under all others; cells of one's own without a label are "unknown", a darker gray, and stay on top. */
function paleBehind(scale: CategoricalScale, behind: number): CategoricalScale {
  const colors = scale.entries.length;
  const index = scale.index.map((color, point) => (point < behind ? colors + color : color));
  const pale = (mode: "light" | "dark") => {
    const shown = scale[mode].slice(0, colors);
    const own = shown.map((color, k) => (scale.entries[k].kind === "missing" ? grays[mode].other : color));
    return [...own, ...shown.map((color) => mixed(color, pageColors[mode].paper, strength[mode]))];
  };
  const back = scale.entries.map((entry) => ({...entry, label: `${entry.label}, reference`, kind: "missing" as const}));
  const own = scale.entries.map((entry) =>
    entry.kind === "missing" ? {...entry, label: "unknown", kind: "other" as const} : entry
  );
  return {...scale, index, entries: [...own, ...back], light: pale("light"), dark: pale("dark")};
}

/** How much of a color is left in its pale form. */
const strength = {light: 0.3, dark: 0.38};

function mixed(color: string, ground: string, share: number): string {
  const [one, other] = [rgbFromHex(color), rgbFromHex(ground)];
  const at = (i: number) => Math.round(share * one[i] + (1 - share) * other[i]);
  return hex([at(0), at(1), at(2)]);
}
