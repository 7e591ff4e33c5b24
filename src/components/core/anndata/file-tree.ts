import {isWorkbookError} from "../errors.js";
import type {H5Dtype, H5Reader, H5Value} from "./h5-reader.js";
import {textAttribute} from "./values.js";

/** One group or dataset of a file, described without reading its values: plain JSON. */
export interface FileNode {
  /** Last part of the path; "/" for the root. */
  name: string;
  path: string;
  /** "unreadable": something stands there that cannot be described; `fault` says why. */
  kind: "group" | "dataset" | "unreadable";
  /** What AnnData says that it is: the attribute encoding-type ("csr_matrix", "dataframe"); null if it says nothing. */
  encoding: string | null;
  /** Attributes beside encoding-type and encoding-version, their values as short text. */
  attributes: {name: string; value: string}[];
  /** Extent of a dataset; empty for a scalar and for groups. */
  shape: number[];
  /** Element type of a dataset ("float32", "str"; a record lists its members); null for groups. */
  dtype: string | null;
  /** Extent of the pieces in which a dataset is stored; null if it is in one piece. */
  chunks: number[] | null;
  /** What each piece goes through when it is stored, in order ("byte shuffle", "gzip (deflate)"). */
  filters: string[];
  /** Size of a dataset's values unpacked, bytes; null for text of free length and for groups. */
  bytes: number | null;
  children: FileNode[];
  /** Children that were left out, by one of the limits. */
  omitted: number;
  /** Why it cannot be described, one sentence without a full stop; null where it can. */
  fault: string | null;
}

/** How much of a file is described. */
export interface FileTreeLimits {
  /** Levels below the root (8). */
  depth?: number;
  /** Children of one group (200). */
  children?: number;
  /** Groups and datasets in all (2,000). */
  nodes?: number;
}

const mostAttributes = 12;
const longestText = 60;

/**
 * The file as a tree of groups and datasets with shapes, types, compression and attributes; reads no values, and no more
 * than the limits allow. A part that cannot be described is told of in its node, not thrown. `signal` ends it early.
 */
export function fileTree(
  reader: H5Reader,
  {depth = 8, children = 200, nodes = 2000}: FileTreeLimits = {},
  signal?: AbortSignal
): FileNode {
  let left = nodes - 1;
  const visit = (path: string, name: string, levels: number): FileNode => {
    signal?.throwIfAborted();
    const node = describe(reader, path, name);
    const keys = node.kind === "group" ? keysOf(reader, path) : [];
    const wanted = levels === 0 ? 0 : Math.min(keys.length, children, left);
    left -= wanted;
    node.omitted = keys.length - wanted;
    node.children = keys
      .slice(0, wanted)
      .map((key) => visit(path === "/" ? `/${key}` : `${path}/${key}`, key, levels - 1));
    return node;
  };
  return visit("/", "/", depth);
}

/** Number of nodes that a tree shows, itself included. */
export function treeSize(node: FileNode): number {
  return node.children.reduce((sum, child) => sum + treeSize(child), 1);
}

function keysOf(reader: H5Reader, path: string): string[] {
  const node = reader.node(path);
  return node?.kind === "group" ? node.keys : [];
}

function describe(reader: H5Reader, path: string, name: string): FileNode {
  const blank: FileNode = {
    name,
    path,
    kind: "group",
    encoding: null,
    attributes: [],
    shape: [],
    dtype: null,
    chunks: null,
    filters: [],
    bytes: null,
    children: [],
    omitted: 0,
    fault: null
  };
  try {
    const node = reader.node(path);
    if (node === null) return {...blank, kind: "unreadable", fault: "it is neither a group nor data"};
    const found = reader.attributes(path);
    const encoding = textAttribute(found, "encoding-type") ?? textAttribute(found, "h5sparse_format") ?? null;
    const attributes = Object.entries(found)
      .filter(([key]) => !/^(encoding-(type|version)|h5sparse_format)$/.test(key))
      .slice(0, mostAttributes)
      .map(([key, value]) => ({name: key, value: textOf(value)}));
    if (node.kind === "group") return {...blank, encoding, attributes};
    const {shape, dtype, chunks, filters} = node;
    return {
      ...blank,
      kind: "dataset",
      encoding,
      attributes,
      shape,
      chunks,
      dtype: labelOf(dtype),
      filters: filters.map((filter) => filter.name),
      bytes:
        dtype.kind === "string" || dtype.kind === "other" ? null : shape.reduce((product, n) => product * n, dtype.size)
    };
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    return {...blank, kind: "unreadable", fault: error.details.fault};
  }
}

function labelOf({label, members, dims}: H5Dtype): string {
  const whole = members === undefined ? label : `record of ${cut(members.map(({name}) => name).join(", "))}`;
  return dims === undefined ? whole : `${whole} (${dims.join(" × ")})`;
}

function textOf(value: H5Value): string {
  if (value === null) return "nothing";
  if (typeof value === "string") return cut(value);
  if (Array.isArray(value)) return listOf(value, value.length);
  if (ArrayBuffer.isView(value)) return listOf(Array.from(value as Iterable<number | bigint>), value.length);
  return typeof value === "object" ? "a record" : String(value);
}

function listOf(values: readonly unknown[], count: number): string {
  return count === 1 ? cut(String(values[0])) : `[${cut(values.slice(0, 12).join(", "))}${count > 12 ? ", …" : ""}]`;
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}
