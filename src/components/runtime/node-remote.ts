import {fetchThread, type FetchThread} from "../adapters/fetch-thread.js";
import {gunzipHead} from "../adapters/gunzip.js";
import {openMounted} from "../adapters/h5wasm-bytes.js";
import {fetchRequest} from "../adapters/http-request.js";
import type {H5Reader} from "../core/anndata/h5-reader.js";
import {insideGzip} from "../core/anndata/look-alikes.js";
import {isWorkbookError} from "../core/errors.js";
import {dataAddress} from "../core/remote/data-address.js";
import {dataFaults} from "../core/remote/data-faults.js";
import {isFolderAddress, remoteFolder} from "../core/remote/remote-folder.js";
import {openRemoteData} from "../core/remote/open-remote-data.js";
import {patience} from "../core/remote/retry.js";
import type {Patience} from "../core/remote/retry.js";
import type {ByteFile} from "../core/sources/byte-file.js";
import {openFileSet} from "../core/sources/open-file-set.js";
import {isZip, zipFiles} from "../core/sources/zip-files.js";
import type {ObjectStore} from "../core/store/object-store.js";
import {codecs} from "./codecs.js";
import {mtxDeps, type OpenCountsOptions} from "./node-counts.js";
import {openH5Bytes} from "./node-h5.js";
import {loadH5wasm} from "./node-h5wasm.js";
import type {NodeSource} from "./node-source.js";

/** A file of cells on a host, open. */
export interface NodeRemote {
  reader: H5Reader;
  source: NodeSource;
  /** What was asked of the host so far. */
  traffic(): {requests: number; bytes: number};
}

/** How a file on a host is opened. */
export interface NodeRemoteOptions extends OpenCountsOptions {
  /** Told after each request what was read so far. */
  onTraffic?(traffic: {requests: number; bytes: number}): void;
  patience?: Patience;
}

/**
 * Opens the HDF5 file, zip archive or Zarr folder of counts at an address in Node; reads what is asked for, by ranges. Its identity is what `remoteIdentity` says. Rejects as
 * `openRemoteData`, `openH5` and `openFileSet` do. Closing the reader ends the thread that asks the host.
 */
export async function openNodeRemote(address: string, options: NodeRemoteOptions = {}): Promise<NodeRemote> {
  const {signal, onTraffic} = options;
  const thread = fetchThread();
  try {
    const deps = {
      request: fetchRequest({domain: "file"}),
      waiting: thread.request,
      sleep: thread.sleep,
      patience: options.patience ?? patience,
      onTraffic
    };
    if (isFolderAddress(dataAddress(address))) return await openFolder(address, thread, deps.patience, options);
    const data = await openRemoteData(address, deps, signal);
    const {file} = data;
    const identity = await data.identity(signal);
    const opened = isZip(file)
      ? await openFileSet(zipFiles(file, codecs), codecs, async () => mtxDeps(identity, options))
      : await openReader(file);
    const reader: H5Reader = {...opened, close: () => (opened.close(), thread.close())};
    const requireUnchanged = () => data.requireUnchanged(signal);
    return {reader, source: remoteSourceOf(identity, requireUnchanged), traffic: file.traffic};
  } catch (error) {
    thread.close();
    throw error;
  }
}

/** A Zarr store in a folder; its files are read whole, each once. */
async function openFolder(
  address: string,
  thread: FetchThread,
  patience: Patience,
  options: NodeRemoteOptions
): Promise<NodeRemote> {
  const {files, identity, traffic} = remoteFolder(address, {
    request: thread.request,
    sleep: thread.sleep,
    patience,
    faults: dataFaults
  });
  const opened = await openFileSet(files, codecs, async () => mtxDeps(await identity(), options));
  const reader: H5Reader = {...opened, close: () => (opened.close(), thread.close())};
  return {reader, source: remoteSourceOf(await identity(), async () => {}), traffic};
}

async function openReader(file: ByteFile): Promise<H5Reader> {
  const {name, byteLength} = file;
  const module = await loadH5wasm();
  try {
    return openMounted(module, file, (path) => openH5Bytes(module, {path, name, byteLength}));
  } catch (error) {
    if (!isWorkbookError(error) || error.code !== "gzip-compressed") throw error;
    throw insideGzip(await gunzipHead((start, end) => file.read(start, end), byteLength), name);
  }
}

/** A host's file as a run reads it: what was read is of one version, so that is looked at once more when results are stored. */
function remoteSourceOf(identity: string, requireUnchanged: () => Promise<void>): NodeSource {
  return {
    identity,
    content: async () => null,
    guard: (store: ObjectStore) => store,
    requireUnchanged,
    close: async () => {}
  };
}
