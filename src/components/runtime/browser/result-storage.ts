import {openOpfs} from "../../adapters/opfs.js";
import {isWorkbookError} from "../../core/errors.js";
import {fallbackStore} from "../../core/store/fallback-store.js";
import {memoryStore, type ObjectStore} from "../../core/store/object-store.js";
import {createResultStore, type ResultStore} from "../../core/store/result-store.js";

/** Where a worker keeps results, and why that is not the browser's storage, if it is not. */
export interface ResultStorage {
  store: ResultStore;
  fault: string | null;
}

let memory: ObjectStore = memoryStore();
let storage: Promise<ResultStorage> | null = null;

/** Names the place for results that the browser's storage does not take: the page's memory. Call it before `resultStorage`. */
export function keepInMemory(store: ObjectStore): void {
  memory = store;
}

/**
 * The browser's storage for results, and the page's memory for what it does not take; the memory alone, with the reason in words,
 * where the browser keeps nothing. Opened once.
 */
export function resultStorage(): Promise<ResultStorage> {
  return (storage ??= open());
}

async function open(): Promise<ResultStorage> {
  try {
    return {store: createResultStore(fallbackStore(await openOpfs(), memory)), fault: null};
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    const {fault, remedy} = error.details;
    return {store: createResultStore(memory), fault: `${fault}: ${remedy}`};
  }
}
