import {extend, h} from "./dom.js";
import {formatInteger} from "./format.js";
import {svg} from "./svg.js";
import {swatch} from "./swatch.js";

/** One of a cell's nearest. */
export interface ListedNeighbor {
  /** Names it in both lists. */
  row: number;
  name: string;
  /** Its value in the column that colors the map, and that color on light and dark pages; null for none. */
  group: {label: string; light: string; dark: string} | null;
  /** Cosine with the cell, -1 to 1; NaN where it has no vector. */
  cosine: number;
  /** Its rank in the other space, 1 being the nearest; 0 where it has none. */
  otherRank: number;
}

/** The neighbors of one cell in both spaces, nearest first. */
export interface NeighborListsData {
  cell: string;
  group: string | null;
  space: readonly ListedNeighbor[];
  map: readonly ListedNeighbor[];
}

/** Two lists with lines between them; null shows `waiting`. */
export type NeighborLists = HTMLElement & {update(data: NeighborListsData | null, waiting?: string): void};

/**
 * The nearest cells of one cell in the embedding and on the map as two aligned lists, nearest first: a line joins the places of a cell that
 * is in both, and each says at which rank it stands in the other space.
 */
export function neighborLists(): NeighborLists {
  const words = h("p", {class: "wb-neighbor-words", role: "status"});
  const lists = h("div", {class: "wb-neighbor-lists"});
  const root = h("div", {class: "wb-neighbors"}, words, lists);
  const update = (data: NeighborListsData | null, waiting = "Click a cell of the map."): void => {
    if (data === null) {
      words.textContent = waiting;
      return lists.replaceChildren();
    }
    words.replaceChildren(
      h("strong", {}, data.cell),
      data.group === null ? "" : ` (${data.group})`,
      `: ${finding(data)}`
    );
    lists.replaceChildren(list("space", data), joined(data), list("map", data));
  };
  update(null);
  return extend(root, {update});
}

const inBoth = ({space, map}: NeighborListsData): number =>
  space.filter(({row}) => map.some((other) => other.row === row)).length;

function finding(data: NeighborListsData): string {
  const shared = inBoth(data);
  const farthest = Math.max(...data.space.map(({otherRank}) => otherRank));
  const torn =
    shared === data.space.length
      ? ""
      : ` The one that was moved farthest away has rank ${formatInteger(farthest)} there.`;
  return `${shared} of its ${data.space.length} nearest cells in the embedding are among its ${data.map.length} nearest on the map.${torn}`;
}

const headings = {
  space: {title: "Nearest in the embedding", other: "map rank"},
  map: {title: "Nearest on the map", other: "embed\u00adding rank"}
};

/** One list as a table; its own ranks stand towards the other list. */
function list(kind: "space" | "map", data: NeighborListsData): HTMLElement {
  const {title, other} = headings[kind];
  const partners = data[kind === "space" ? "map" : "space"];
  const ordered = <T>(cells: T[]): T[] => (kind === "space" ? cells : cells.reverse());
  const head = ordered([
    h("th", {scope: "col"}, "cell"),
    h("th", {scope: "col", class: "wb-number wb-neighbor-cosine"}, "cosine"),
    h("th", {scope: "col", class: "wb-number"}, other),
    h("th", {scope: "col", class: "wb-number"}, "rank")
  ]);
  const line = ({row, name, group, cosine, otherRank}: ListedNeighbor, i: number): HTMLElement =>
    h(
      "tr",
      {"data-kind": partners.some((partner) => partner.row === row) ? "both" : kind},
      ordered([
        h(
          "th",
          {scope: "row", title: group === null ? name : `${name}, ${group.label}`},
          group && swatch(group),
          group && h("span", {class: "wb-neighbor-label"}, group.label),
          h("span", {class: "wb-neighbor-name"}, name)
        ),
        h("td", {class: "wb-number wb-neighbor-cosine"}, Number.isNaN(cosine) ? "–" : cosine.toFixed(2)),
        h("td", {class: "wb-number"}, otherRank === 0 ? "–" : formatInteger(otherRank)),
        h("td", {class: "wb-number wb-neighbor-rank"}, String(i + 1))
      ])
    );
  return h(
    "table",
    {"data-list": kind},
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, head)),
    h("tbody", {}, data[kind].map(line))
  );
}

/** Lines between the two places of each cell that is in both lists; the rows of both are equally high. */
function joined({space, map}: NeighborListsData): SVGSVGElement {
  const rows = Math.max(space.length, map.length);
  const lines = space.flatMap(({row}, i) => {
    const j = map.findIndex((other) => other.row === row);
    if (j < 0) return [];
    return [svg("line", {x1: 0, y1: i + 0.5, x2: 1, y2: j + 0.5, "vector-effect": "non-scaling-stroke"})];
  });
  const box = {viewBox: `0 0 1 ${rows}`, preserveAspectRatio: "none", "aria-hidden": true};
  return svg("svg", {...box, class: "wb-neighbor-lines", style: `--wb-rows: ${rows}`}, ...lines);
}
