import {openAnnData, type AnnData} from "../core/anndata/anndata.js";
import {joinAnnData} from "../core/anndata/join-anndata.js";
import {sha256} from "../core/sha256.js";
import type {OpenCountsOptions} from "./node-counts.js";
import type {NodeRemoteOptions} from "./node-remote.js";
import type {NodeSource} from "./node-source.js";
import {openData, type OpenData} from "./open-data.js";

/** Cells that are open for a run: of one file, or of several as one data set. */
export interface OpenCells {
  anndata: AnnData;
  bytes: number;
  source: Omit<NodeSource, "close">;
  /** What was opened, in order. */
  parts: readonly OpenData[];
  close(): Promise<void>;
}

/**
 * Opens the cells of a place, or of a list of places joined by `joinAnnData`. What is asked of the source is asked of each file: none may change. Rejects with a WorkbookError
 * as `openData` and `joinAnnData` do; nothing stays open then.
 */
export async function openCells(
  place: string | readonly string[],
  options: OpenCountsOptions & NodeRemoteOptions = {}
): Promise<OpenCells> {
  const parts: OpenData[] = [];
  const close = async () => {
    for (const part of parts) await part.close();
  };
  try {
    for (const one of typeof place === "string" ? [place] : place) parts.push(await openData(one, options));
    const each = parts.map(({reader}) => openAnnData(reader));
    const bytes = parts.reduce((sum, {reader}) => sum + reader.byteLength, 0);
    const [{source}] = parts;
    if (typeof place === "string") return {anndata: each[0], bytes, source, parts, close};
    return {anndata: joinAnnData(each), bytes, source: await joined(parts, bytes), parts, close};
  } catch (error) {
    await close();
    throw error;
  }
}

async function joined(parts: readonly OpenData[], bytes: number): Promise<Omit<NodeSource, "close">> {
  const sources = parts.map(({source}) => source);
  return {
    identity: `${bytes}-${await joinedHash(sources.map(({identity}) => identity))}`,
    async content(store, options) {
      const contents: (string | null)[] = [];
      for (const source of sources) contents.push(await source.content(store, options));
      return contents.every((content) => content === null) ? null : joinedHash(contents);
    },
    guard: (store) => sources.reduce((guarded, source) => source.guard(guarded), store),
    async requireUnchanged() {
      for (const source of sources) await source.requireUnchanged();
    }
  };
}

/** What stands for several files in one, of what stands for each, in their order. */
async function joinedHash(texts: readonly (string | null)[]): Promise<string> {
  return sha256(new TextEncoder().encode(`joined files\n${texts.join("\n")}\n`));
}
