import {isRecord} from "../is-record.js";
import {isWorkbookError} from "../errors.js";
import type {FileSet} from "./file-set.js";
import {damagedPart, unknownSource} from "./source-errors.js";
import {arrayOfV2, arrayOfV3, type ZarrArray} from "./zarr-array.js";

/** What stands at a path of a store; `prefix` is what stands before the names of an array's chunks. */
export type ZarrNode =
  | {kind: "group"; attributes: Record<string, unknown>; keys: Iterable<string>}
  | {kind: "array"; attributes: Record<string, unknown>; array: ZarrArray; prefix: string};

/** A store's version, and how its nodes are found by path ("/obs/cell_type"). */
export interface ZarrHierarchy {
  version: 2 | 3;
  find(path: string): ZarrNode | null;
}

type Json = Record<string, unknown>;

/**
 * The nodes of a Zarr store. Where its files are listed each node's own metadata are read; where they cannot be (a server), consolidated metadata are,
 * and a store without them is refused. Throws a WorkbookError of domain "file": "damaged", "unknown-source".
 * Source: Zarr v2 and v3 specifications; consolidated metadata as zarr-python writes them.
 */
export function openHierarchy(set: FileSet): ZarrHierarchy {
  const json = (path: string): Json | null => {
    const file = set.open(path);
    if (file === null) return null;
    try {
      const parsed: unknown = JSON.parse(new TextDecoder().decode(file.read(0, file.byteLength)));
      if (isRecord(parsed)) return parsed;
    } catch (error) {
      if (isWorkbookError(error)) throw error;
    }
    throw damagedPart(set.name, path, `${path} is no JSON object`);
  };
  const root = json("zarr.json");
  const version = root === null ? 2 : 3;
  const consolidated = set.paths === null ? consolidatedOf(set, root, json) : null;
  const keysOf = consolidated === null ? childrenOf(set.paths!) : childrenOf([...consolidated.keys()]);
  const meta = (path: string): Json | null => (consolidated === null ? json(path) : (consolidated.get(path) ?? null));
  const known = new Map<string, ZarrNode | null>();
  return {
    version,
    find(path) {
      const place = path.replace(/^\/+|\/+$/g, "");
      const found = known.get(place);
      if (found !== undefined) return found;
      const prefix = place === "" ? "" : `${place}/`;
      const made = (version === 3 ? nodeOfV3 : nodeOfV2)(set.name, place, prefix, meta, keysOf(place));
      known.set(place, made);
      return made;
    }
  };
}

type Meta = (path: string) => Json | null;

function nodeOfV2(name: string, place: string, prefix: string, meta: Meta, keys: Iterable<string>): ZarrNode | null {
  const array = meta(`${prefix}.zarray`);
  const group = array === null ? meta(`${prefix}.zgroup`) : null;
  if (array === null && group === null) return null;
  const attributes = meta(`${prefix}.zattrs`) ?? {};
  if (array === null) return {kind: "group", attributes, keys};
  return {kind: "array", attributes, array: arrayOfV2(array, name, `/${place}`), prefix};
}

function nodeOfV3(name: string, place: string, prefix: string, meta: Meta, keys: Iterable<string>): ZarrNode | null {
  const found = meta(`${prefix}zarr.json`);
  if (found === null) return null;
  const attributes = isRecord(found["attributes"]) ? found["attributes"] : {};
  if (found["node_type"] === "group") return {kind: "group", attributes, keys};
  return {kind: "array", attributes, array: arrayOfV3(found, name, `/${place}`), prefix};
}

const marks = /(^|\/)(\.zarray|\.zgroup|zarr\.json)$/;

/** Names of the nodes right below each node, by the paths of metadata. */
function childrenOf(paths: readonly string[]): (place: string) => Iterable<string> {
  const children = new Map<string, Set<string>>();
  for (const path of paths) {
    if (!marks.test(path)) continue;
    const parts = path.split("/").slice(0, -1);
    if (parts.length === 0) continue;
    const parent = parts.slice(0, -1).join("/");
    const known = children.get(parent) ?? new Set();
    children.set(parent, known.add(parts.at(-1)!));
  }
  return (place) => children.get(place) ?? [];
}

/** Metadata of all nodes by the path that they would have as files. */
function consolidatedOf(set: FileSet, root: Json | null, json: Meta): Map<string, Json> {
  const all = new Map<string, Json>();
  const add = (path: string, value: unknown) => isRecord(value) && all.set(path, value);
  if (root !== null) {
    add("zarr.json", root);
    const inline = root["consolidated_metadata"];
    const metadata = isRecord(inline) ? inline["metadata"] : null;
    if (isRecord(metadata)) {
      for (const [path, value] of Object.entries(metadata)) add(`${path}/zarr.json`, value);
      return all;
    }
  } else {
    const metadata = json(".zmetadata")?.["metadata"];
    if (isRecord(metadata)) {
      for (const [path, value] of Object.entries(metadata)) add(path, value);
      return all;
    }
  }
  throw unknownSource(
    set.name,
    "no Zarr store with consolidated metadata, and a server does not list its files",
    'write them in Python: zarr.consolidate_metadata("STORE"), or download the store and open the folder'
  );
}
