import {isAbort} from "../core/errors.js";
import {mostMappedByComponents} from "../core/pipeline/component-map.js";
import type {WorkbookClient} from "../runtime/browser/client.js";
import type {ComponentMapRequest} from "../runtime/browser/services/component-map.js";
import {h, setText} from "../views/dom.js";
import {formatCount, formatInteger, formatRemaining} from "../views/format.js";
import {noticeOf} from "../views/notice-list.js";
import {rememberComparison, rememberedComparison} from "./pace.js";

/** Whom the comparison asks, and the map that it fills. */
export interface ComparisonHost {
  ask: WorkbookClient["ask"];
  /** Shows the cells of `rows`, x and y by turns. */
  fill(rows: Int32Array, positions: Float32Array): void;
  /** Shows no cells, but these words. */
  empty(message: string): void;
  /** Other words on the empty map. */
  say(message: string): void;
}

/** The map of principal components beside the model's: asked for, made, or offered. */
export interface ComponentComparison {
  /** What the map shows, and the buttons that make it or give it up. */
  readonly caption: HTMLElement;
  /** Up to 5,000 cells the map is made at once; beyond it is offered, with the time that it will take, and not made of more than 20,000. */
  compare(request: ComponentMapRequest): Promise<void>;
  /** Shows a map that was made elsewhere. */
  show(rows: Int32Array, positions: Float32Array): void;
  /** Nothing to compare with: what goes on is given up, `message` stands in the map's place. */
  clear(message: string): void;
}

/** Cells up to which it takes seconds, and shares its components with the scores. */
const few = 5000;
const about =
  "Counts per 10,000, log(1 + x), no model: what a map without one shows. Same neighbors rule, parameters and seed.";

/** The comparison; see ComponentComparison. */
export function componentComparison({ask, fill, empty, say}: ComparisonHost): ComponentComparison {
  const words = h("span", {}, about);
  const makeButton = h(
    "button",
    {type: "button", class: "wb-link", hidden: true, onclick: () => offered !== null && void make(offered)},
    "Make this map"
  );
  const stopButton = h(
    "button",
    {type: "button", class: "wb-link", hidden: true, onclick: () => comparing?.abort()},
    "Cancel"
  );
  let comparing: AbortController | null = null;
  let offered: ComponentMapRequest | null = null;

  function clear(message: string): void {
    comparing?.abort();
    comparing = null;
    offered = null;
    makeButton.hidden = stopButton.hidden = true;
    setText(words, about);
    empty(message);
  }

  function show(rows: Int32Array, positions: Float32Array): void {
    setText(words, `${formatCount(rows.length, "cell")} placed by UMAP from 30 principal components. ${about}`);
    fill(rows, positions);
  }

  function offer(request: ComponentMapRequest, why: string): void {
    clear(why);
    offered = request;
    makeButton.hidden = false;
  }

  async function make(request: ComponentMapRequest): Promise<void> {
    clear("Reading counts …");
    const mine = (comparing = new AbortController());
    stopButton.hidden = false;
    const begun = performance.now();
    const onProgress = (done: number, total: number): void => {
      if (comparing === mine) say(`Principal components of the same cells: ${Math.floor((100 * done) / total)} %`);
    };
    try {
      const {rows, positions} = await ask("componentMap", request, {signal: mine.signal, onProgress});
      if (comparing !== mine) return;
      clear("");
      show(rows, positions);
      rememberComparison(rows.length, performance.now() - begun);
    } catch (error) {
      if (comparing === mine) offer(request, isAbort(error) ? "This map was given up." : noticeOf(error).message);
    }
  }

  return {
    caption: h("span", {}, words, " ", makeButton, stopButton),
    show,
    clear,
    async compare(request) {
      const cells = request.rows.length;
      if (cells < 2) return clear("Two cells or more can be compared.");
      if (cells <= few) return make(request);
      if (cells > mostMappedByComponents)
        return clear(
          `Not made of more than ${formatInteger(mostMappedByComponents)} cells: choose fewer to compare the two maps.`
        );
      offer(
        request,
        `Not made yet: ${formatCount(cells, "cell")} take ${formatRemaining(rememberedComparison() * cells)} and some memory here.`
      );
    }
  };
}
