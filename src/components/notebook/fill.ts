import {isAbort} from "../core/errors.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {isTold} from "./told-of-file.js";

/** A view that can be given other data, or none with a word about why. */
export interface Fillable<Data> {
  update(data: Data | null, waiting?: string): void;
}

/** What stands where nothing can be shown, for a reason that is told where the file was chosen. */
const nothing = "–";

/** Milliseconds after which what a view shows gives way to words about what it waits for. */
export const patience = 200;

/**
 * Gives a view its data when they come. While they take long it says `waiting` (null: what it shows stays), and a fault is told in its place, with the way out,
 * unless that was told where the file was chosen; what came too late for the cell that asked is dropped. Resolves to the data, null for none.
 */
export async function fill<Data>(
  view: Fillable<Data>,
  data: Promise<Data | null>,
  {waiting = "Computing …", empty = ""}: {waiting?: string | null; empty?: string} = {}
): Promise<Data | null> {
  const timer = setTimeout(() => waiting !== null && view.update(null, waiting), patience);
  try {
    const found = await data;
    view.update(found, empty);
    return found;
  } catch (error) {
    if (isAbort(error)) return null;
    if (isTold(error)) return (view.update(null, nothing), null);
    const {message, remedy = ""} = noticeOf(error);
    view.update(null, `${sentence(message)} ${sentence(remedy)}`);
    return null;
  } finally {
    clearTimeout(timer);
  }
}
