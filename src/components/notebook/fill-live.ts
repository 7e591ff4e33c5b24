import type {Table} from "apache-arrow";
import {isAbort} from "../core/errors.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {patience, type Fillable} from "./fill.js";

/** What a view shows while nothing has come yet: words, or data in their place. */
export interface Meanwhile<Data> {
  waiting?: string;
  until?: Data | null;
}

/**
 * Gives a view what there is of a stage's table so far, again and again as it grows, also when it is run anew, until the wish is withdrawn. Until
 * something comes the view shows what is told for the time being; a fault is told in its place. The cell that calls it has no value, so that cells
 * below do not run at each.
 */
export async function fillLive<Other = Table>(
  view: Fillable<Table | Other>,
  stage: Stage,
  {waiting = "Computing …", until = null, ...wish}: Wish & Meanwhile<Other> = {}
): Promise<void> {
  const signal = wishSignal(wish) ?? new AbortController().signal;
  while (!signal.aborted) {
    const timer = setTimeout(() => signal.aborted || view.update(until, waiting), patience);
    try {
      for await (const found of stage.live({signal})) {
        clearTimeout(timer);
        view.update(found);
      }
    } catch (error) {
      if (isAbort(error)) return;
      const {message, remedy = ""} = noticeOf(error);
      return view.update(null, `${sentence(message)} ${sentence(remedy)}`);
    } finally {
      clearTimeout(timer);
    }
    await runAnew(stage, signal);
  }
}

/** Resolves once a stage that is done, or about to be, is no longer: it is run anew. */
async function runAnew(stage: Stage, signal: AbortSignal): Promise<void> {
  let wasDone = false;
  for await (const {stages} of stage.watch({signal})) {
    const isDone = stages.at(-1)?.state === "done";
    if (wasDone && !isDone) return;
    wasDone ||= isDone;
  }
}
