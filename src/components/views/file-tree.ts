import type {FileNode} from "../core/anndata/file-tree.js";
import {extend, h} from "./dom.js";
import {formatBytes, formatCount, formatInteger} from "./format.js";

/** A tree that can be given another file's root; null empties it, with a word about why. */
export type FileTreeView = HTMLElement & {update(root: FileNode | null, why?: string): void};

interface Item {
  node: FileNode;
  parent: Item | null;
  row: HTMLElement;
  list: HTMLElement | null;
}

const kinds: Record<string, string> = {
  csr_matrix: "sparse matrix, by cell",
  csc_matrix: "sparse matrix, by gene",
  dataframe: "table",
  categorical: "categories",
  array: "array",
  "string-array": "text",
  dict: "group",
  anndata: "AnnData file",
  raw: "unfiltered data",
  string: "text",
  "numeric-scalar": "number"
};

/** A file as a tree of groups and datasets. Arrow keys go through it, as in any tree; the part in focus is described beneath. */
export function fileTreeView(root: FileNode | null = null): FileTreeView {
  const tree = h("ul", {class: "wb-tree", role: "tree", "aria-label": "Parts of the file"});
  const details = h("div", {class: "wb-tree-details", role: "status"});
  let items: Item[] = [];

  const build = (node: FileNode, parent: Item | null, level: number): HTMLElement => {
    const inner = node.children.length > 0 || node.omitted > 0;
    // The row alone is the item: with its parts inside, its name would be all of theirs.
    const row = h(
      "div",
      {class: "wb-tree-row", role: "treeitem", tabindex: -1, "aria-level": level, "aria-selected": "false"},
      h("span", {class: "wb-tree-mark", "aria-hidden": "true"}, inner ? "▸" : ""),
      h("span", {class: "wb-tree-name"}, node.name === "/" ? "(file)" : node.name),
      " ",
      h("span", {class: "wb-tree-facts"}, facts(node))
    );
    const place = h("li", {role: "none"}, row);
    const item: Item = {node, parent, row, list: null};
    items.push(item);
    if (inner) {
      row.setAttribute("aria-expanded", "false");
      item.list = h(
        "ul",
        {role: "group", hidden: true},
        node.children.map((child) => build(child, item, level + 1)),
        node.omitted > 0
          ? h("li", {role: "none", class: "wb-small"}, `${formatCount(node.omitted, "part")} more, not shown`)
          : null
      );
      place.append(item.list);
    }
    row.addEventListener("click", () => {
      if (item.list !== null) expand(item, item.list.hidden === true);
      focus(item);
    });
    return place;
  };
  const expand = ({row, list}: Item, open: boolean): void => {
    if (list === null) return;
    list.hidden = !open;
    row.setAttribute("aria-expanded", String(open));
    row.querySelector(".wb-tree-mark")!.textContent = open ? "▾" : "▸";
  };
  const select = (item: Item): void => {
    for (const other of items) {
      other.row.tabIndex = other === item ? 0 : -1;
      other.row.setAttribute("aria-selected", String(other === item));
    }
    details.replaceChildren(...describe(item.node));
  };
  const focus = (item: Item): void => {
    select(item);
    item.row.focus({preventScroll: true});
    item.row.scrollIntoView({block: "nearest"});
  };
  const visible = (): Item[] =>
    items.filter((item) => {
      for (let up = item.parent; up !== null; up = up.parent) if (up.list!.hidden) return false;
      return true;
    });
  tree.addEventListener("keydown", (event) => {
    const shown = visible();
    const at = shown.findIndex(({row}) => row === document.activeElement);
    if (at < 0) return;
    const item = shown[at];
    const {list, parent} = item;
    const go = (to: Item | null | undefined): void => void (to != null && focus(to));
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(shown[at + 1]),
      ArrowUp: () => go(shown[at - 1]),
      Home: () => go(shown[0]),
      End: () => go(shown.at(-1)),
      ArrowRight: () => (list === null ? undefined : list.hidden ? expand(item, true) : go(shown[at + 1])),
      ArrowLeft: () => (list !== null && !list.hidden ? expand(item, false) : go(parent)),
      Enter: () => expand(item, list?.hidden === true),
      " ": () => expand(item, list?.hidden === true)
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  const update = (next: FileNode | null, why = ""): void => {
    items = [];
    if (next === null) {
      tree.replaceChildren();
      return details.replaceChildren(why);
    }
    tree.replaceChildren(build(next, null, 1));
    expand(items[0], true);
    select(items[0]);
  };
  update(root);
  return extend(h("div", {class: "wb-filetree"}, tree, details), {update});
}

function kindOf({kind, encoding, dtype}: FileNode): string {
  if (kind === "unreadable") return "cannot be described";
  return (
    (encoding === null ? undefined : (kinds[encoding] ?? encoding)) ??
    (kind === "group" ? "group" : dtype?.startsWith("record") ? "table of records" : "data")
  );
}

const shapeOf = ({shape}: FileNode): string =>
  shape.length === 0 ? "one value" : shape.map(formatInteger).join(" × ");
/** What undoes to smaller files: shuffles and checksums are told in the details only. */
const compressionOf = ({filters}: FileNode): string =>
  filters.filter((name) => !/shuffle|checksum/.test(name)).join(", ");

function facts(node: FileNode): string {
  if (node.kind === "unreadable") return node.fault ?? "cannot be described";
  if (node.kind === "group") return [kindOf(node), partsOf(node)].join(" · ");
  return [shapeOf(node), node.dtype, compressionOf(node)].filter((text) => text !== "" && text !== null).join(" · ");
}

function partsOf({children, omitted}: FileNode): string {
  return children.length + omitted === 0 ? "empty" : formatCount(children.length + omitted, "part");
}

function describe(node: FileNode): HTMLElement[] {
  const {path, kind, dtype, chunks, filters, bytes, attributes, encoding, fault} = node;
  const lines: [string, string][] = [
    ["path", path],
    ["is", kindOf(node) + (encoding === null ? "" : ` (encoding-type ${encoding})`)]
  ];
  if (fault !== null) lines.push(["fault", fault]);
  if (kind === "dataset") {
    lines.push(["shape", shapeOf(node)], ["type", dtype ?? "–"]);
    if (bytes !== null) lines.push(["size unpacked", formatBytes(bytes)]);
    lines.push(
      ["stored", chunks === null ? "in one piece" : `in pieces of ${chunks.map(formatInteger).join(" × ")}`],
      ["filters", filters.length === 0 ? "none" : filters.join(", ")]
    );
  }
  for (const {name, value} of attributes) lines.push([name, value]);
  return [
    h(
      "dl",
      {},
      lines.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])
    )
  ];
}
