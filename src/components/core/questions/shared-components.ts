import {sameRows} from "../cells/same-rows.js";
import type {AnnData} from "../anndata/anndata.js";
import {cellComponents, type CellComponents} from "../pipeline/cell-components.js";
import type {PrincipalComponents} from "../space/principal-components.js";

/** A search for components, under way or done. */
interface Search {
  anndata: AnnData;
  matrix: string;
  rows: Int32Array;
  tolerance: number;
  found: Promise<PrincipalComponents>;
  /** Those who wait for it, and hear how far it is. */
  waiting: Set<(share: number) => void>;
  stop: AbortController;
  done: boolean;
}

const defaultTolerance = 1e-9;

/**
 * `cellComponents` for several who ask for the same cells: the counts are read and the components sought once, while the search
 * goes on or after it. The last `most` searches on the last file are kept (of 20,000 cells and genes each 5 MB). A search ends when
 * nobody waits for it any more; one that failed is forgotten. Scores that are shared must not be changed.
 */
export function shareComponents(find: CellComponents = cellComponents, most = 2): CellComponents {
  let searches: Search[] = [];

  function begin(anndata: AnnData, matrix: string, rows: Int32Array, tolerance: number): Search {
    const waiting: Search["waiting"] = new Set();
    const stop = new AbortController();
    const onProgress = (share: number) => waiting.forEach((tell) => tell(share));
    const search: Search = {
      anndata,
      matrix,
      rows: rows.slice(),
      tolerance,
      waiting,
      stop,
      done: false,
      found: find(anndata, matrix, rows, {tolerance, signal: stop.signal, onProgress})
    };
    search.found.then(
      () => (search.done = true),
      () => forget(search)
    );
    searches = [search, ...searches.filter((other) => other.anndata === anndata)].slice(0, most);
    return search;
  }

  function forget(search: Search): void {
    searches = searches.filter((other) => other !== search);
  }

  return async (anndata, matrix, rows, {signal, onProgress = () => {}, tolerance = defaultTolerance} = {}) => {
    signal?.throwIfAborted();
    const search =
      searches.find(
        (known) =>
          known.anndata === anndata &&
          known.matrix === matrix &&
          known.tolerance <= tolerance &&
          sameRows(known.rows, rows)
      ) ?? begin(anndata, matrix, rows, tolerance);
    if (search.done) return search.found;
    const tell = (share: number) => onProgress(share);
    search.waiting.add(tell);
    let leave = () => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal!.reason as Error);
      signal?.addEventListener("abort", leave, {once: true});
    });
    try {
      return await Promise.race([search.found, left]);
    } finally {
      signal?.removeEventListener("abort", leave);
      search.waiting.delete(tell);
      if (!search.done && search.waiting.size === 0) {
        forget(search);
        search.stop.abort();
      }
    }
  };
}

/** The worker's: scores of one column after another and the map of components share what they are made of. */
export const sharedComponents = shareComponents();
