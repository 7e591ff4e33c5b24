import type * as h5wasm from "h5wasm";
import {decodeElements, scalarOf} from "../core/anndata/h5-decode.js";
import type {H5Layout} from "../core/anndata/h5-decode.js";
import {checkSelection} from "../core/anndata/check-selection.js";
import {explainFailure} from "../core/anndata/h5-failure.js";
import {filterInfo, unknownCompression} from "../core/anndata/h5-filters.js";
import {holdsPointers, layoutOf} from "../core/anndata/h5-layout.js";
import type {H5DatasetNode, H5Node, H5Reader, H5Value} from "../core/anndata/h5-reader.js";
import {checkSignature} from "../core/anndata/file-signature.js";
import {resolvePath} from "../core/anndata/link-path.js";
import type {LinkSource} from "../core/anndata/link-path.js";
import {linkSource} from "../core/anndata/link-source.js";
import {inOtherFile, leadsNowhere, missingPart, tooLarge} from "../core/anndata/part-errors.js";
import {storedForm} from "../core/anndata/stored-form.js";
import {unsigned} from "../core/anndata/superblock.js";
import type {ReadBytes, Superblock} from "../core/anndata/superblock.js";
import {isWorkbookError, WorkbookError} from "../core/errors.js";

/** h5wasm's WebAssembly module, what `await h5wasm.ready` gives: of "h5wasm/node" in Node, of "h5wasm" in a browser. */
export type H5wasmModule = Awaited<typeof h5wasm.ready>;

/** What `openH5` needs. */
export interface OpenH5Options {
  module: H5wasmModule;
  /** Path in the module's file system: a real path in Node, a path below a WORKERFS mount in a browser's worker. */
  path: string;
  /** File name without folders, for messages. */
  name: string;
  /** File size in bytes. */
  byteLength: number;
  /**
   * Makes a compression plugin ("libH5Zzstd.so") findable on the module's plugin search path; false if it cannot.
   * Called once a plugin, before the first read that needs it. Without it only HDF5's own filters can be undone.
   */
  loadPlugin?: (file: string) => boolean;
}

/** Largest single read: h5wasm's memory ends at 2 GiB and the data stands in it beside HDF5's own buffers. */
const largestRead = 1024 ** 3;

interface OpenDataset {
  node: H5DatasetNode;
  /** Its path without soft links. */
  place: string;
  layout: H5Layout;
  /** False where the dataset has no dataspace (h5py.Empty). */
  hasData: boolean;
}

interface OpenGroup {
  node: H5Node & {kind: "group"};
  place: string;
}

/**
 * Opens an HDF5 file for lazy reading; nothing but its superblock and root group is read. Throws a WorkbookError of
 * domain "file" if it is empty, truncated, damaged, or not HDF5 (file-signature.ts tells what it is instead).
 */
export function openH5({module, path, name, byteLength, loadPlugin}: OpenH5Options): H5Reader {
  module.activate_throwing_error_handler();
  const bytes = openBytes(module, path, name);
  const [superblock, file] = orClose(bytes, () =>
    attempt(name, undefined, () => [
      checkSignature(bytes.read, byteLength, name),
      module.open(path, module.H5F_ACC_RDONLY, false, -1, -1)
    ])
  );
  const nodes = new Map<string, OpenDataset | OpenGroup | null>();
  const links = linkSource(module, file);
  let closed = false;

  function guard<T>(place: string, action: () => T): T {
    if (closed) {
      const fault = `${name} has been closed`;
      throw new WorkbookError({domain: "file", code: "closed", fault, place, remedy: "open it again"});
    }
    return attempt(name, place, action);
  }

  function find(place: string): OpenDataset | OpenGroup | null {
    const cached = nodes.get(place);
    if (cached !== undefined) return cached;
    nodes.set(place, null); // for a virtual dataset that is made of itself
    try {
      const found = guard(place, () => describe(open, place));
      nodes.set(place, found);
      return found;
    } catch (error) {
      nodes.delete(place);
      throw error;
    }
  }

  function read(place: string, selection?: [number, number][]): H5Value {
    const found = find(place);
    if (found === null || !("layout" in found)) throw missingPart(name, place, found !== null);
    const {node, layout, hasData} = found;
    if (!hasData) return null;
    checkFilters(module, name, place, node, loadPlugin);
    const ranges = selection ?? node.shape.map((n): [number, number] => [0, n]);
    checkSelection(name, place, node.shape, ranges);
    const count = ranges.reduce((product, [start, stop]) => product * (stop - start), 1);
    const values = guard(place, () => readElements(open, found.place, layout, count, selection));
    return node.shape.length === 0 ? scalarOf(values, layout.dtype) : values;
  }

  const open: OpenFile = {module, file, name, bytes, superblock, links, find};
  return {
    name,
    byteLength,
    node(place) {
      return find(place)?.node ?? null;
    },
    attributes(place) {
      const found = find(place)?.place;
      if (found === undefined) return {};
      return guard(place, () => {
        const keys = module.get_attribute_names(file, found);
        return Object.fromEntries(keys.map((key) => [key, readAttribute(open, found, key)]));
      });
    },
    read,
    close() {
      if (closed) return;
      closed = true;
      nodes.clear();
      bytes.close();
      attempt(name, undefined, () => module.close_file(file));
    }
  };
}

/** An open file, and how its parts are found. */
interface OpenFile {
  module: H5wasmModule;
  file: bigint;
  name: string;
  bytes: {read: ReadBytes};
  superblock: Superblock;
  links: LinkSource;
  find(place: string): OpenDataset | OpenGroup | null;
}

/** What stands at the path `asked`, if it is in this file; throws "external-link", "external-storage", ... if it is in another. */
function describe(open: OpenFile, asked: string): OpenDataset | OpenGroup | null {
  const {module, file, name} = open;
  const end = resolvePath(open.links, asked);
  if (end.kind === "nothing") return null;
  if (end.kind === "external") throw inOtherFile("external-link", name, asked, end.file);
  if (end.kind === "dangling") throw leadsNowhere(name, asked, end.link, end.target);
  const {place} = end;
  const type = module.get_type(file, place);
  if (type === module.H5G_GROUP) return {place, node: {kind: "group", keys: module.get_names(file, place, false)}};
  if (type !== module.H5G_DATASET) return null;
  const form = storedForm(open.bytes.read, open.superblock, addressOf(module, file, place));
  if (form === null) throw explainFailure(new Error("its object header is not understood"), name, asked);
  if (form.externalFile !== null) throw inOtherFile("external-storage", name, asked, form.externalFile);
  if (form.openVirtual) throw inOtherFile("virtual-dataset", name, asked, null);
  const metadata = module.get_dataset_metadata(file, place);
  for (const source of metadata.virtual_sources ?? []) {
    if (source.file_name !== ".") throw inOtherFile("virtual-dataset", name, asked, source.file_name);
    if (source.dset_name.includes("%")) throw inOtherFile("virtual-dataset", name, asked, null); // a pattern of names
    open.find(`/${source.dset_name}`); // which throws if that, in turn, is kept elsewhere
  }
  const filters = module
    .get_dataset_filters(file, place)
    .map((filter) => ({id: filter.id, name: filterInfo(filter.id)?.name ?? filter.name}));
  const layout = layoutOf(metadata, form.numbers);
  const shape = metadata.shape ?? [0];
  return {
    node: {kind: "dataset", shape, dtype: layout.dtype, chunks: metadata.chunks, filters},
    place,
    layout,
    hasData: metadata.shape !== null
  };
}

function readElements(
  {module, file, name}: OpenFile,
  place: string,
  layout: H5Layout,
  count: number,
  selection?: [number, number][]
) {
  const counts = selection?.map(([start, stop]) => BigInt(stop - start)) ?? null;
  const offsets = selection?.map(([start]) => BigInt(start)) ?? null;
  const strides = counts?.map(() => 1n) ?? null;
  return withMemory(module, name, place, count * layout.size, (pointer, bytes) => {
    if (count > 0) {
      const status = module.get_dataset_data(file, place, counts, offsets, strides, BigInt(pointer));
      if (status < 0) throw new Error("read failed");
    }
    const values = decodeElements(bytes(), layout, count, (text) => module.UTF8ToString(text));
    if (count > 0 && holdsPointers(layout)) {
      if (counts === null) module.reclaim_vlen_memory(file, place, "", BigInt(pointer));
      else module.reclaim_vlen_memory_count(file, place, "", BigInt(pointer), counts);
    }
    return values;
  });
}

function readAttribute({module, file, name}: OpenFile, place: string, key: string): H5Value {
  const metadata = module.get_attribute_metadata(file, place, key);
  if (metadata.shape === null) return null;
  const layout = layoutOf(metadata);
  const {total_size: count} = metadata;
  if (layout.dtype.kind === "other" || layout.dtype.kind === "compound") return null;
  const values = withMemory(module, name, place, count * layout.size, (pointer, bytes) => {
    if (count > 0) module.get_attribute_data(file, place, key, BigInt(pointer));
    const decoded = decodeElements(bytes(), layout, count, (text) => module.UTF8ToString(text));
    if (count > 0 && holdsPointers(layout)) module.reclaim_vlen_memory(file, place, key, BigInt(pointer));
    return decoded;
  });
  return metadata.shape.length === 0 ? scalarOf(values, layout.dtype) : values;
}

/** What `action` gives with `byteCount` bytes of the module's memory at `pointer`; `bytes` copies them out. */
function withMemory<T>(
  module: H5wasmModule,
  name: string,
  place: string,
  byteCount: number,
  action: (pointer: number, bytes: () => Uint8Array<ArrayBuffer>) => T
): T {
  const pointer = byteCount === 0 ? 0 : allocate(module, name, place, byteCount);
  try {
    return action(pointer, () => module.HEAPU8.slice(pointer, pointer + byteCount));
  } finally {
    if (pointer !== 0) module._free(pointer);
  }
}

/** The file's own bytes, beside HDF5's library: for what it does not tell. */
function openBytes(module: H5wasmModule, path: string, name: string): {read: ReadBytes; close: () => void} {
  const stream = attempt(name, undefined, () => module.FS.open(path, "r"));
  const read: ReadBytes = (offset, length) => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, module.FS.read(stream, bytes, 0, length, offset));
  };
  return {read, close: () => module.FS.close(stream)};
}

/** What `action` gives; where it throws, `bytes` are closed first. */
function orClose<T>(bytes: {close: () => void}, action: () => T): T {
  try {
    return action();
  } catch (error) {
    bytes.close();
    throw error;
  }
}

/** Where the header of the object at `place` stands, counted from the superblock: that is what a reference to it holds. */
function addressOf(module: H5wasmModule, file: bigint, place: string): number {
  const reference = Uint8Array.from(module.create_object_reference(file, place));
  return unsigned(reference, 0, reference.length);
}

function allocate(module: H5wasmModule, name: string, place: string, byteCount: number): number {
  const pointer = byteCount > largestRead ? 0 : module._malloc(byteCount);
  if (pointer === 0) throw tooLarge(name, place, byteCount, largestRead);
  return pointer;
}

function checkFilters(
  module: H5wasmModule,
  name: string,
  place: string,
  node: H5DatasetNode,
  loadPlugin?: (file: string) => boolean
): void {
  for (const {id, name: label} of node.filters) {
    const plugin = filterInfo(id)?.plugin ?? null;
    if (plugin === "built-in") continue;
    if (plugin !== null && loadedPlugins(module).has(plugin)) continue;
    if (plugin === null || loadPlugin === undefined || !loadPlugin(plugin)) {
      throw unknownCompression(name, place, id, label);
    }
    loadedPlugins(module).add(plugin);
  }
}

const pluginsOf = new WeakMap<H5wasmModule, Set<string>>();

function loadedPlugins(module: H5wasmModule): Set<string> {
  const loaded = pluginsOf.get(module) ?? new Set();
  pluginsOf.set(module, loaded);
  return loaded;
}

/** Runs `action`; HDF5's stack of messages becomes one WorkbookError of domain "file". */
function attempt<T>(name: string, place: string | undefined, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw isWorkbookError(cause) ? cause : explainFailure(cause, name, place);
  }
}
