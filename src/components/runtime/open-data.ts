import type {H5Reader} from "../core/anndata/h5-reader.js";
import {isAddress} from "../core/remote/data-address.js";
import {openCounts, type OpenCountsOptions} from "./node-counts.js";
import {openNodeRemote, type NodeRemoteOptions} from "./node-remote.js";
import {openNodeSource, type NodeSource} from "./node-source.js";

/** Counts that are open for a run. */
export interface OpenData {
  reader: H5Reader;
  source: NodeSource;
  /** What a host was asked so far; null for what lies on this machine. */
  traffic: (() => {requests: number; bytes: number}) | null;
  close(): Promise<void>;
}

/** Opens the counts at a path or an address. Rejects with a WorkbookError as `openCounts`, `openNodeSource` and `openNodeRemote` do. */
export async function openData(place: string, options: OpenCountsOptions & NodeRemoteOptions = {}): Promise<OpenData> {
  if (isAddress(place)) {
    const {reader, source, traffic} = await openNodeRemote(place, options);
    return {reader, source, traffic, close: async () => reader.close()};
  }
  const reader = await openCounts(place, options);
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
