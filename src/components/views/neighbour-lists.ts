import {extend, h} from "./dom.js";

/** One neighbour in a list. */
export interface ListedNeighbour {
  name: string;
  /** Its value in the column that colours the map; null for none. */
  label: string | null;
  /** True if it is in the other list too. */
  shared: boolean;
  /** Cosine with the cell; null where it is not known. */
  cosine: number | null;
}

/** The neighbours of one cell in both spaces. */
export interface NeighbourListsData {
  cell: string;
  label: string | null;
  space: readonly ListedNeighbour[];
  map: readonly ListedNeighbour[];
}

/** Two lists side by side; null shows `waiting`. */
export type NeighbourLists = HTMLElement & {update(data: NeighbourListsData | null, waiting?: string): void};

/** The nearest cells of one cell in the embedding and on the map, those in both lists marked, and how many they are. */
export function neighbourLists(): NeighbourLists {
  const words = h("p", {class: "wb-neighbour-words", role: "status"});
  const lists = h("div", {class: "wb-neighbour-lists"});
  const root = h("div", {class: "wb-neighbours"}, words, lists);
  const update = (data: NeighbourListsData | null, waiting = "Click a cell of the map."): void => {
    if (data === null) {
      words.textContent = waiting;
      return lists.replaceChildren();
    }
    const shared = data.space.filter((one) => one.shared).length;
    words.replaceChildren(h("strong", {}, data.cell), data.label === null ? "" : ` (${data.label})`,
      `: ${shared} of its ${data.space.length} nearest cells in the embedding are among its ${data.map.length} nearest on the map.`);
    lists.replaceChildren(list("In the embedding", "space", data.space), list("On the map", "map", data.map));
  };
  update(null);
  return extend(root, {update});
}

function list(title: string, kind: "space" | "map", neighbours: readonly ListedNeighbour[]): HTMLElement {
  return h("section", {}, h("h4", {}, title, h("span", {class: "wb-small"}, kind === "space" ? "cosine" : "cosine, if near there too")),
    h("ol", {}, neighbours.map(({name, label, shared, cosine}) =>
      h("li", {"data-kind": shared ? "both" : kind},
        h("span", {class: "wb-neighbour-name", title: name}, shared ? h("span", {class: "wb-hidden"}, "in both: ") : null, name),
        h("span", {class: "wb-neighbour-label", title: label}, label ?? ""),
        h("span", {class: "wb-number"}, cosine === null ? "" : cosine.toFixed(2))))));
}
