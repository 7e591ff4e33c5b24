import {checkSelection} from "./check-selection.js";
import type {H5DatasetNode, H5Reader, H5Value} from "./h5-reader.js";
import {missingPart} from "./part-errors.js";

/** A dataset of a tree that a file does not hold in this form. */
export interface VirtualData {
  node: H5DatasetNode;
  /** Data of a selection, as `H5Reader.read` gives them; of everything where it is left out. */
  read(selection?: [start: number, stop: number][]): H5Value;
}

/** A group of such a tree. */
export interface VirtualGroup {
  attributes: Record<string, H5Value>;
  children: Map<string, VirtualGroup | VirtualData>;
}

/** What a virtual tree is of. */
export type VirtualFile = Pick<H5Reader, "name" | "byteLength" | "format" | "modality" | "close">;

/** AnnData's groups and datasets over counts that are stored in another layout; what reads AnnData sees no difference. */
export function virtualReader(file: VirtualFile, root: VirtualGroup): H5Reader {
  const find = (path: string): VirtualGroup | VirtualData | null => {
    let at: VirtualGroup | VirtualData | undefined = root;
    for (const part of path.split("/").filter((part) => part !== "")) {
      at = at !== undefined && "children" in at ? at.children.get(part) : undefined;
    }
    return at ?? null;
  };
  return {
    ...file,
    node(path) {
      const found = find(path);
      if (found === null) return null;
      return "children" in found ? {kind: "group", keys: [...found.children.keys()]} : found.node;
    },
    attributes(path) {
      const found = find(path);
      return found !== null && "children" in found ? found.attributes : {};
    },
    read(path, selection) {
      const found = find(path);
      if (found === null || "children" in found) throw missingPart(file.name, path, found !== null);
      if (selection !== undefined) checkSelection(file.name, path, found.node.shape, selection);
      return found.read(selection);
    }
  };
}

/** A group with `children`, and `attributes` as anndata writes them. */
export function virtualGroup(
  attributes: Record<string, H5Value>,
  children: [name: string, child: VirtualGroup | VirtualData][]
): VirtualGroup {
  return {attributes, children: new Map(children)};
}

/** A table as anndata writes it: its index, and its columns in order. */
export function virtualTable(index: VirtualData | null, columns: [name: string, column: VirtualData][]): VirtualGroup {
  const attributes = {
    "encoding-type": "dataframe",
    "encoding-version": "0.2.0",
    ...(index !== null && {_index: "_index"}),
    "column-order": columns.map(([name]) => name)
  };
  return virtualGroup(attributes, index === null ? columns : [["_index", index], ...columns]);
}

/** The dataset at `path` of another file. */
export function borrowedData(reader: H5Reader, path: string, node: H5DatasetNode): VirtualData {
  return {node, read: (selection) => reader.read(path, selection)};
}

/** Text in memory as a dataset. */
export function textData(values: readonly string[]): VirtualData {
  return {
    node: {
      kind: "dataset",
      shape: [values.length],
      dtype: {kind: "string", size: 4, label: "str"},
      chunks: null,
      filters: []
    },
    read: (selection) => (selection === undefined ? [...values] : values.slice(...selection[0]))
  };
}
