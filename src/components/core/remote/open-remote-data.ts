import {isWorkbookError} from "../errors.js";
import type {ByteFile} from "../sources/byte-file.js";
import {blockCache, blockDefaults} from "./block-cache.js";
import type {BlockCacheOptions, CachedFile} from "./block-cache.js";
import {dataAddress, nameOfAddress} from "./data-address.js";
import {dataFaults, notThere} from "./data-faults.js";
import type {HttpRequest} from "./http-request.js";
import {remoteIdentity} from "./remote-identity.js";
import {openRemoteFile} from "./remote-file.js";
import type {Patience} from "./retry.js";
import type {WaitingRequest} from "./sync-request.js";
import {waitingReader} from "./waiting-reader.js";

/** What was read of a file on a host so far. */
export interface Traffic {
  requests: number;
  bytes: number;
  /** Bytes of the whole file. */
  of: number;
}

/** What the machine brings to read a file by its address. */
export interface RemoteDeps {
  /** Asks for the first bytes. */
  request: HttpRequest;
  /** Asks for all further ones and waits for them. */
  waiting: WaitingRequest;
  /** Waits so many milliseconds without giving the event loop a turn. */
  sleep(milliseconds: number): void;
  patience: Patience;
  blocks?: BlockCacheOptions;
  /** Told after each request what was read so far, the first one included. */
  onTraffic?(traffic: Traffic): void;
}

/** A file of cells on a host. */
export interface RemoteData {
  /** Its bytes, by blocks that are kept. */
  file: CachedFile;
  /** What the host says changes with it; "" where it says nothing of the kind. */
  version: string;
  /** See `remoteIdentity`. */
  identity(signal?: AbortSignal): Promise<string>;
  /** True once reading has found the file changed. */
  isLost(): boolean;
  /** Throws "changed" if the file is not as it was when it was opened. */
  requireUnchanged(signal?: AbortSignal): Promise<void>;
}

/**
 * Opens a file of cells by its address; one request, and nothing is sent but that. Rejects with a WorkbookError of domain "file": "missing",
 * "refused", "no-ranges", "web-page", "hidden-range", "dropped", "unreachable", ...; of domain "usage" for what is no address. What is read
 * later is of the same version and length, or reading throws "changed", from then on for good.
 */
export async function openRemoteData(text: string, deps: RemoteDeps, signal?: AbortSignal): Promise<RemoteData> {
  const {request, waiting, sleep, patience, blocks = blockDefaults, onTraffic = () => {}} = deps;
  const url = dataAddress(text);
  const address = url.href;
  const name = nameOfAddress(url);
  const opened = await openRemoteFile({request, patience, faults: dataFaults}, name, address, signal);
  if (opened === null) throw notThere(address);
  const {byteLength, version} = opened;
  const head = await opened.slice(0, Math.min(blocks.blockBytes, byteLength));
  const traffic = {requests: 1, bytes: head.length, of: byteLength};
  onTraffic({...traffic});
  const readRange = waitingReader(opened, address, {request: waiting, sleep, patience, faults: dataFaults});
  let lost: unknown = null;
  const orLost = (start: number, end: number): Uint8Array<ArrayBuffer> => {
    if (lost !== null) throw lost;
    try {
      return readRange(start, end);
    } catch (error) {
      if (isWorkbookError(error) && error.code === "changed") lost = error;
      throw error;
    }
  };
  const bytes: ByteFile = {
    name,
    byteLength,
    read(start, end) {
      if (end <= head.length) return head.slice(start, end);
      const found = orLost(start, end);
      traffic.requests += 1;
      traffic.bytes += found.length;
      onTraffic({...traffic});
      return found;
    },
    close: () => {}
  };
  const file: CachedFile = {...blockCache(bytes, blocks), traffic: () => ({...traffic})};
  return {
    file,
    version,
    identity: (signal) => remoteIdentity(file, {address, version}, signal),
    isLost: () => lost !== null,
    requireUnchanged: (signal) => opened.requireUnchanged(signal)
  };
}
