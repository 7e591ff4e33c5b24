import {extend, h} from "./dom.js";

/** One neighbor in a list. */
export interface ListedNeighbor {
  name: string;
  /** Its value in the column that colors the map; null for none. */
  label: string | null;
  /** True if it is in the other list too. */
  shared: boolean;
  /** Cosine with the cell; null where it is not known. */
  cosine: number | null;
}

/** The neighbors of one cell in both spaces. */
export interface NeighborListsData {
  cell: string;
  label: string | null;
  space: readonly ListedNeighbor[];
  map: readonly ListedNeighbor[];
}

/** Two lists side by side; null shows `waiting`. */
export type NeighborLists = HTMLElement & {update(data: NeighborListsData | null, waiting?: string): void};

/** The nearest cells of one cell in the embedding and on the map, those in both lists marked, and how many they are. */
export function neighborLists(): NeighborLists {
  const words = h("p", {class: "wb-neighbor-words", role: "status"});
  const lists = h("div", {class: "wb-neighbor-lists"});
  const root = h("div", {class: "wb-neighbors"}, words, lists);
  const update = (data: NeighborListsData | null, waiting = "Click a cell of the map."): void => {
    if (data === null) {
      words.textContent = waiting;
      return lists.replaceChildren();
    }
    const shared = data.space.filter((one) => one.shared).length;
    words.replaceChildren(
      h("strong", {}, data.cell),
      data.label === null ? "" : ` (${data.label})`,
      `: ${shared} of its ${data.space.length} nearest cells in the embedding are among its ${data.map.length} nearest on the map.`
    );
    lists.replaceChildren(list("In the embedding", "space", data.space), list("On the map", "map", data.map));
  };
  update(null);
  return extend(root, {update});
}

function list(title: string, kind: "space" | "map", neighbors: readonly ListedNeighbor[]): HTMLElement {
  return h(
    "section",
    {},
    h("h4", {}, title, h("span", {class: "wb-small"}, kind === "space" ? "cosine" : "cosine, if near there too")),
    h(
      "ol",
      {},
      neighbors.map(({name, label, shared, cosine}) =>
        h(
          "li",
          {"data-kind": shared ? "both" : kind},
          h(
            "span",
            {class: "wb-neighbor-name", title: name},
            shared ? h("span", {class: "wb-hidden"}, "in both: ") : null,
            name
          ),
          h("span", {class: "wb-neighbor-label", title: label}, label ?? ""),
          h("span", {class: "wb-number"}, cosine === null ? "" : cosine.toFixed(2))
        )
      )
    )
  );
}
