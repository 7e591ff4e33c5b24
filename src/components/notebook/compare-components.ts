import {isAbort} from "../core/errors.js";
import {mostMappedByComponents} from "../core/pipeline/component-map.js";
import type {Stage, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {readCells} from "../core/tables/cells.js";
import {rememberComparison, rememberedComparison} from "../runtime/browser/pace.js";
import {h, setText} from "../views/dom.js";
import {formatCount, formatInteger, formatRemaining} from "../views/format.js";
import type {MapLayout} from "../views/map-layout.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {ask as askWorker} from "./browser.js";
import {patience} from "./fill.js";

/** The map that is filled, and the place for words and buttons under it. */
export interface ComparedMap {
  readonly caption: HTMLElement;
  update(layout: MapLayout | null, words?: string): void;
}

/** Cells up to which it takes seconds, and shares its components with the scores. */
const few = 5000;
const about =
  "Counts per 10,000, log(1 + x), no model: what a map without one shows. Same neighbors rule, parameters and seed.";

/**
 * The map of 30 principal components of the cells of a umap stage, under the same parameters. It needs no model, so it is made as soon as
 * the cells are read, before they are embedded. Up to 5,000 cells that is unasked; beyond it is offered, with the time that it will take, and not made of more than 20,000. A fault is told
 * in its place. Resolves when nothing is left to do; `ask` is whom to ask.
 */
export async function compareComponents(
  map: ComparedMap,
  stage: Stage,
  {ask = askWorker, ...wish}: Wish & {ask?: typeof askWorker} = {}
): Promise<void> {
  const wished = wishSignal(wish) ?? new AbortController().signal;
  const words = h("span", {}, about);
  const makeButton = h("button", {type: "button", class: "wb-link", hidden: true}, "Make this map");
  const stopButton = h("button", {type: "button", class: "wb-link", hidden: true}, "Cancel");
  const timer = setTimeout(
    () => empty("The same cells by their principal components, as soon as they are read"),
    patience
  );

  function empty(message: string): void {
    map.caption.replaceChildren(words, " ", makeButton, stopButton);
    map.update(null, message);
  }

  /** Resolves when the button is pressed; never, if the wish is withdrawn. */
  function offered(why: string): Promise<void> {
    empty(why);
    makeButton.hidden = false;
    return new Promise((resolve) => makeButton.addEventListener("click", () => resolve(), {once: true}));
  }

  /** Makes the map; the reason if it was not made. */
  async function make(rows: Int32Array): Promise<string | null> {
    const stop = new AbortController();
    const signal = AbortSignal.any([wished, stop.signal]);
    empty("Reading counts …");
    makeButton.hidden = true;
    stopButton.hidden = false;
    stopButton.onclick = () => stop.abort();
    const begun = performance.now();
    try {
      const onProgress = (done: number, total: number): void => {
        if (!signal.aborted)
          map.update(null, `Principal components of the same cells: ${Math.floor((100 * done) / total)} %`);
      };
      const {positions} = await ask(stage, "componentMap", {rows}, {signal, onProgress});
      rememberComparison(rows.length, performance.now() - begun);
      setText(words, `${formatCount(rows.length, "cell")} placed by UMAP from 30 principal components. ${about}`);
      map.update({rows, positions});
      return null;
    } catch (error) {
      wished.throwIfAborted();
      const {message, remedy = ""} = noticeOf(error);
      return isAbort(error) ? "This map was given up." : `${sentence(message)} ${sentence(remedy)}`;
    } finally {
      stopButton.hidden = true;
    }
  }

  try {
    const {rows: read, status} = readCells(await first(stage).table({signal: wished}));
    const rows = read.filter((_, i) => status[i] === "ok");
    clearTimeout(timer);
    const cells = rows.length;
    const isMany = cells > mostMappedByComponents;
    if (cells < 2) return empty("Two cells or more can be compared.");
    if (isMany) {
      const most = formatInteger(mostMappedByComponents);
      return empty(`Not made of more than ${most} cells: choose fewer to compare the two maps.`);
    }
    const time = () => formatRemaining(rememberedComparison() * cells);
    if (cells > few) await offered(`Not made yet: ${formatCount(cells, "cell")} take ${time()} and some memory here.`);
    for (let why = await make(rows); why !== null; why = await make(rows)) await offered(why);
  } catch (error) {
    if (!isAbort(error)) throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The stage that reads the cells. */
const first = (stage: Stage): Stage => (stage.parent === null ? stage : first(stage.parent));
