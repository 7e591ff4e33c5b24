import {isAbort} from "../core/errors.js";
import {breakNames, type BreakName} from "../core/pipeline/broken-cells.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {breakBench} from "../views/break-bench.js";
import {extend, h} from "../views/dom.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {ask} from "./browser.js";

/** Switches that break the model on purpose. Made once; `follow` gives it other vectors or another grouping. */
export type BreakPanel = HTMLElement & {
  /**
   * Tries switches on cells of `embeddings`, by the groups of the obs column `column` (null: nothing can be tried), until the wish is
   * withdrawn or others are followed; what was begun for others ends. Waits for the vectors, and asks for them.
   */
  follow(embeddings: Stage, column: string | null, wish?: Wish): Promise<void>;
};

/** The bench, with the number of cells to try a switch on. One switch runs at a time: a second one ends the first. */
export function breakPanel(): BreakPanel {
  const bench = breakBench(breakNames);
  const cells = h(
    "select",
    {"aria-label": "Cells to try it on"},
    [60, 120, 240].map((n) => h("option", {value: n, selected: n === 60}, `${n} cells`))
  );
  let task: {embeddings: Stage; column: string; signal: AbortSignal} | null = null;
  let stop = new AbortController();
  let running: {name: BreakName; stop: AbortController} | null = null;

  function end(): void {
    if (running === null) return;
    running.stop.abort();
    bench.update(running.name, {state: "idle"});
    running = null;
  }

  async function tryOne(name: BreakName): Promise<void> {
    if (task === null) return;
    end();
    const mine = (running = {name, stop: new AbortController()});
    const {embeddings, column} = task;
    const signal = AbortSignal.any([task.signal, mine.stop.signal]);
    bench.update(name, {state: "running", done: 0, total: 0});
    try {
      const onProgress = (done: number, total: number) =>
        running === mine && bench.update(name, {state: "running", done, total});
      const request = {broken: name, column, cells: Number(cells.value)};
      const scores = await ask(embeddings, "brokenRun", request, {signal, onProgress});
      if (running === mine) bench.update(name, {state: "done", scores});
    } catch (error) {
      if (running !== mine) return;
      const {message, remedy = ""} = noticeOf(error);
      const told = `${sentence(message)} ${sentence(remedy)}`;
      bench.update(name, isAbort(error) ? {state: "idle"} : {state: "error", message: told});
    } finally {
      if (running === mine) running = null;
    }
  }

  bench.addEventListener("break", (event) => void tryOne((event as CustomEvent<BreakName>).detail));
  bench.addEventListener("cancel", (event) => {
    if (running?.name === (event as CustomEvent<BreakName>).detail) end();
  });
  const choice = h("p", {class: "wb-fields"}, h("label", {class: "wb-field"}, "Try it on", cells));
  return extend(h("div", {}, choice, bench), {
    async follow(embeddings: Stage, column: string | null, wish: Wish = {}) {
      end();
      stop.abort();
      stop = new AbortController();
      task = null;
      bench.reset(false);
      const given = wishSignal(wish);
      const signal = given === undefined ? stop.signal : AbortSignal.any([given, stop.signal]);
      if (column === null) return;
      await embeddings.table({signal}).catch(() => null);
      if (signal.aborted) return;
      task = {embeddings, column, signal};
      bench.reset(true);
    }
  });
}
