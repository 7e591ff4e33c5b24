import {boxCounts, type Box, type BoxCounts} from "../core/labels/box-counts.js";
import {followNames} from "../core/labels/follow-names.js";
import {groupAnchors} from "../core/labels/group-anchors.js";
import {placeNames, type PlacedName} from "../core/labels/place-names.js";
import type {CategoricalScale} from "./color-scale.js";
import type {Fit} from "./map-fit.js";

/** A map whose groups are to be named. */
export interface NamedMap {
  positions: Float32Array;
  colors: CategoricalScale;
  /** Points in a random order: any beginning of it is a fair sample. */
  order: Uint32Array;
  /** The view, and the view of all points: what a name stands for does not change with the zoom. */
  view: Fit;
  whole: Fit;
  /** CSS pixels. */
  width: number;
  height: number;
  radius: number;
  free: readonly Box[];
  /** Size of the type, CSS pixels. */
  size: number;
}

/** A name as it is drawn. */
export interface DrawnName extends PlacedName {
  words: string;
}

/** Names of a map's groups, which keep their places where they can. */
export interface MapNames {
  /** The names now; in a `hurry` those of a moment ago, moved along. */
  place(map: NamedMap, hurry: boolean): DrawnName[];
  /** Groups that have cells on the map and no place where a name would be true; null: there are too many groups to name. */
  readonly unnamed: readonly string[] | null;
}

/** Groups up to which names help; and cells that are looked at, a fair sample of more. */
const [mostGroups, mostLooked] = [30, 10_000];
/** Half a side of the square in which groups are compared, and how old places may get while a layout forms, ms. */
const [reachPixels, oldest] = [14, 500];

interface Kept {
  positions: Float32Array;
  colors: CategoricalScale;
  counts: BoxCounts;
  anchors: number[][];
  /** Scale of the view of all points that they were sought for. */
  scale: number;
}

/** Names of groups; `measure` says how wide words are in type of a size, CSS pixels. */
export function mapNames(measure: (words: string, size: number) => number): MapNames {
  let kept: Kept | null = null;
  let placed: DrawnName[] = [];
  let placedAt = -Infinity;
  /** Width and height of the canvas that they were placed on. */
  let placedOn: readonly number[] = [];
  let unnamed: readonly string[] | null = [];
  /** Names in the view of all points, which shows the same ones whenever it comes back. */
  let whole: {of: Kept; on: string; names: DrawnName[]} | null = null;

  /** What follows from positions and groups alone, whatever the view. */
  function lookAt({positions, colors, order, whole: {scale}}: NamedMap): Kept {
    const isNear = kept !== null && Math.abs(Math.log(scale / kept.scale)) < 0.05;
    if (isNear && kept!.positions === positions && kept!.colors === colors) return kept!;
    const isSame =
      kept !== null && kept.colors.entries === colors.entries && kept.positions.length === positions.length;
    if (!isSame) placed = [];
    const chosen = order.subarray(0, mostLooked);
    const counts = boxCounts(positions, colors.index, colors.entries.length, chosen);
    const previous = new Map(placed.map(({group, point}) => [group, [point]]));
    const search = {positions, group: colors.index, chosen, counts, reach: reachPixels / scale, previous};
    const anchors = groupAnchors(search, named(colors).length);
    return (kept = {positions, colors, counts, anchors, scale});
  }

  function placeAll(map: NamedMap): void {
    const looked = lookAt(map);
    const {counts, anchors} = looked;
    placedAt = performance.now();
    placedOn = [map.width, map.height];
    const {view} = map;
    const isWhole = (["scale", "offsetX", "offsetY"] as const).every((part) => view[part] === map.whole[part]);
    const on = [map.width, map.height, map.size, map.radius].join();
    if (isWhole && whole?.of === looked && whole.on === on) {
      placed = whole.names;
      return;
    }
    const widest = Math.min(200, 0.42 * map.width);
    const words = named(map.colors).map(({label}) => shortened(label, widest, (text) => measure(text, map.size)));
    const names = anchors.flatMap((points, group) =>
      points.length === 0
        ? []
        : [{group, anchors: points, width: measure(words[group], map.size) + 6, height: 1.35 * map.size}]
    );
    const previous = new Map(placed.map((name) => [name.group, name]));
    placed = placeNames(names, {...map, ...map.view, counts, previous}).map((name) => ({
      ...name,
      words: words[name.group]
    }));
    if (isWhole) whole = {of: looked, on, names: placed};
    if (map.view.scale > 1.01 * map.whole.scale) return;
    const shown = new Set(placed.map(({group}) => group));
    unnamed = named(map.colors)
      .filter(({count}, group) => count > 0 && !shown.has(group))
      .map(({label}) => label);
  }

  return {
    place(map, hurry) {
      const groups = named(map.colors).length;
      if (groups < 2 || groups > mostGroups) {
        [placed, unnamed] = [[], groups > mostGroups ? null : []];
        return placed;
      }
      const isKnown = kept?.colors === map.colors && kept.positions.length === map.positions.length;
      const isSized = placedOn[0] === map.width && placedOn[1] === map.height;
      if (!hurry || !isKnown || !isSized || performance.now() - placedAt > oldest) {
        placeAll(map);
        return placed;
      }
      const words = new Map(placed.map((name) => [name.group, name.words]));
      return followNames(placed, {...map, ...map.view}).map((name) => ({...name, words: words.get(name.group)!}));
    },
    get unnamed() {
      return unnamed;
    }
  };
}

function named({entries}: CategoricalScale) {
  return entries.filter(({kind}) => kind === "category");
}

/** Words cut in the middle, since names of types differ at both ends, until they are no wider than `widest`. */
function shortened(label: string, widest: number, measure: (text: string) => number): string {
  if (measure(label) <= widest) return label;
  for (let length = label.length - 1; length > 4; --length) {
    const text = `${label.slice(0, Math.ceil(length / 2)).trimEnd()}…${label.slice(label.length - Math.floor(length / 2)).trimStart()}`;
    if (measure(text) <= widest) return text;
  }
  return label.slice(0, 4);
}
