import {checkSelection} from "../anndata/check-selection.js";
import type {H5DatasetNode, H5Node, H5Reader, H5Value} from "../anndata/h5-reader.js";
import {missingPart} from "../anndata/part-errors.js";
import type {Codecs} from "./codecs.js";
import type {FileSet} from "./file-set.js";
import {ArrayReader} from "./read-array.js";
import {openHierarchy, type ZarrNode} from "./zarr-hierarchy.js";

/**
 * A Zarr store (v2 or v3, shards too) as the tree that AnnData is read from: groups, attributes, arrays. Metadata are read when they are asked for, chunks as
 * selections need them. Closing closes `set`. Throws a WorkbookError of domain "file": "damaged" or "unknown-compression", with the place.
 */
export function openZarr(set: FileSet, codecs: Codecs): H5Reader {
  const {version, find} = openHierarchy(set);
  const readers = new Map<string, ArrayReader>();
  const readerOf = (place: string, {array, prefix}: ZarrNode & {kind: "array"}): ArrayReader => {
    const known = readers.get(place);
    if (known !== undefined) return known;
    const open = (key: string) => set.open(`${prefix}${key}`);
    const made = new ArrayReader(array, {name: set.name, place, open, codecs});
    readers.set(place, made);
    return made;
  };
  return {
    name: set.name,
    byteLength: set.byteLength,
    format: {words: `Zarr v${version}`, isAnnData: true},
    node(path): H5Node | null {
      const found = find(path);
      if (found === null) return null;
      return found.kind === "group" ? {kind: "group", keys: [...found.keys]} : datasetOf(found);
    },
    attributes(path) {
      const entries = Object.entries(find(path)?.attributes ?? {});
      return Object.fromEntries(entries.map(([key, value]) => [key, asValue(value)]));
    },
    read(path, selection): H5Value {
      const found = find(path);
      if (found === null || found.kind === "group") throw missingPart(set.name, path, found !== null);
      const {shape, type} = found.array;
      const ranges = selection ?? shape.map((n): [number, number] => [0, n]);
      checkSelection(set.name, path, shape, ranges);
      const values = readerOf(path, found).read(ranges);
      if (values === null || shape.length > 0) return values;
      return type.layout.dtype.kind === "boolean" ? values[0] === 1 : values[0];
    },
    close: () => set.close()
  };
}

/** Chunks are what has to be unpacked at once: of shards those in them. */
function datasetOf({array}: ZarrNode & {kind: "array"}): H5DatasetNode {
  const {type, chunks, packing} = array.inner?.pipeline ?? array;
  return {
    kind: "dataset",
    shape: array.shape,
    dtype: type.layout.dtype,
    chunks: array.shape.length === 0 ? null : chunks,
    filters: packing.map((name) => ({id: 0, name}))
  };
}

/** An attribute in JSON as HDF5 would give it. */
function asValue(value: unknown): H5Value {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (!Array.isArray(value)) return null;
  if (value.every((item) => typeof item === "number")) return Float64Array.from(value as number[]);
  return value.every((item) => typeof item === "string") ? (value as string[]) : null;
}
