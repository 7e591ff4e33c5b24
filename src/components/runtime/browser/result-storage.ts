import {openOpfs} from "../../adapters/opfs.js";
import {isWorkbookError} from "../../core/errors.js";
import {memoryStore, type ObjectStore} from "../../core/store/object-store.js";
import {createResultStore, type ResultStore} from "../../core/store/result-store.js";

/** Where a worker keeps results, and why that is not the browser's storage, if it is not. */
export interface ResultStorage {
  store: ResultStore;
  fault: string | null;
}

let storage: Promise<ResultStorage> | null = null;

/** The browser's storage for results; memory, with the reason in words, where the browser keeps nothing. Opened once. */
export function resultStorage(): Promise<ResultStorage> {
  return (storage ??= open());
}

async function open(): Promise<ResultStorage> {
  let objects: ObjectStore = memoryStore();
  let fault: string | null = null;
  try {
    objects = await openOpfs();
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    fault = `${error.details.fault}: ${error.details.remedy}`;
  }
  return {store: createResultStore(objects), fault};
}
