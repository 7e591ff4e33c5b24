import {isAbort} from "../core/errors.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {patience, type Fillable} from "./fill.js";

/** What a view shows while nothing has come yet: words, or data in their place. */
export interface Meanwhile<Data> {
  waiting?: string;
  until?: Data | null;
}

/**
 * Gives a view what there is of data that grow (`stage.live`), again and again. Until the first come it shows what is told
 * for the time being, and a fault is told in its place. Resolves to the last, null if none came: the cell that calls it has one value, and cells below
 * do not run at each.
 */
export async function fillLive<Data>(
  view: Fillable<Data>,
  data: AsyncIterable<Data>,
  {waiting = "Computing …", until = null}: Meanwhile<Data> = {}
): Promise<Data | null> {
  const timer = setTimeout(() => view.update(until, waiting), patience);
  let last: Data | null = null;
  try {
    for await (const found of data) {
      clearTimeout(timer);
      view.update((last = found));
    }
  } catch (error) {
    if (isAbort(error)) return null;
    const {message, remedy = ""} = noticeOf(error);
    view.update(null, `${sentence(message)} ${sentence(remedy)}`);
  } finally {
    clearTimeout(timer);
  }
  return last;
}
