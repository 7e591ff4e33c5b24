import {basename, join} from "node:path";
import {listFolder, openDiskFile} from "../adapters/node-folder.js";
import type {FileReader} from "../adapters/node-files.js";
import {packHead} from "../core/sources/packed-files.js";

/** A folder read as the one file that `packHead` describes: what its identity is of, here and in a browser. */
export function openFolderReader(folder: string): FileReader {
  const {files} = listFolder(folder);
  const {head, order} = packHead(files);
  const starts: number[] = [];
  let byteLength = head.length;
  for (const i of order) {
    starts.push(byteLength);
    byteLength += files[i].byteLength;
  }
  return {
    name: basename(folder),
    byteLength,
    slice: async (start, end, signal) => {
      signal?.throwIfAborted();
      const bytes = new Uint8Array(end - start);
      if (start < head.length) bytes.set(head.subarray(start, end));
      for (let i = firstWithin(starts, start); i < order.length && starts[i] < end; i++) {
        const {path, byteLength: length} = files[order[i]];
        const [from, to] = [Math.max(start, starts[i]), Math.min(end, starts[i] + length)];
        if (from >= to) continue;
        const file = openDiskFile(join(folder, path), path);
        try {
          bytes.set(file.read(from - starts[i], to - starts[i]), from - start);
        } finally {
          file.close();
        }
      }
      return bytes;
    },
    stamp: async () => listFolder(folder).stamp,
    close: async () => {}
  };
}

/** The last file that begins at or before `at`, or the first. */
function firstWithin(starts: number[], at: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
