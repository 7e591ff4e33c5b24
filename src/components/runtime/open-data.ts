import type {H5Reader} from "../core/anndata/h5-reader.js";
import {isAddress} from "../core/remote/data-address.js";
import {openH5File} from "./node-h5.js";
import {openNodeRemote} from "./node-remote.js";
import type {NodeRemoteOptions} from "./node-remote.js";
import {openNodeSource} from "./node-source.js";
import type {NodeSource} from "./node-source.js";

/** A file of cells that is open for a run. */
export interface OpenData {
  reader: H5Reader;
  source: NodeSource;
  /** What a host was asked so far; null for a file of this machine. */
  traffic: (() => {requests: number; bytes: number}) | null;
  close(): Promise<void>;
}

/** Opens the file of cells at a path or an address. Rejects with a WorkbookError as `openH5File` and `openNodeRemote` do. */
export async function openData(place: string, options: NodeRemoteOptions = {}): Promise<OpenData> {
  if (isAddress(place)) {
    const {reader, source, traffic} = await openNodeRemote(place, options);
    return {reader, source, traffic, close: async () => reader.close()};
  }
  const reader = await openH5File(place);
  try {
    const source = await openNodeSource(place, options.signal);
    const close = async () => {
      reader.close();
      await source.close();
    };
    return {reader, source, traffic: null, close};
  } catch (error) {
    reader.close();
    throw error;
  }
}
