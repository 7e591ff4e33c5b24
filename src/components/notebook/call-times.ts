import type {Stage, Wish} from "../core/stages/stage.js";
import type {ChainStatus} from "../core/stages/status.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {batchTimes} from "../views/batch-times.js";
import {extend, h} from "../views/dom.js";
import {keptCalls, timedCalls} from "./kept-calls.js";

/** How long each call of the model took, with a button that embeds once more. Made once; `follow` gives it another stage. */
export type CallTimes = HTMLElement & {
  /** Shows the calls of runs that make the vectors of `embeddings`, until the wish is withdrawn or another is followed. */
  follow(embeddings: Stage, wish?: Wish): void;
};

/** Least time between two drawings, milliseconds: calls may end many times a second. */
const spacing = 250;

/** The figure. Where this page has seen no run, it shows the last one's times of this tab. */
export function callTimes(): CallTimes {
  const times = batchTimes();
  const again = h("button", {type: "button", class: "wb-button wb-button-small", disabled: true}, words);
  let followed: Stage | null = null;
  let stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | null = null;
  again.addEventListener("click", () => followed?.start({anew: true}));

  function show(stage: Stage, status: ChainStatus): void {
    const isDone = status.stages.every(({state}) => state === "done");
    again.disabled = status.running || !isDone;
    const calls = timedCalls(status);
    const shown = calls.length > 0 || status.running ? calls : keptCalls(stage);
    times.update(
      shown,
      isDone
        ? "These vectors were computed in another visit, which kept no times."
        : "Each call of the model appears here as it ends."
    );
  }

  async function watch(stage: Stage, signal: AbortSignal): Promise<void> {
    let latest: ChainStatus | null = null;
    for await (const status of stage.watch({signal})) {
      if (signal.aborted) return;
      latest = status;
      if (!status.running) show(stage, status);
      timer ??= setTimeout(() => {
        timer = null;
        if (!signal.aborted) show(stage, latest!);
      }, spacing);
    }
  }

  return extend(h("div", {}, times, again), {
    follow(embeddings: Stage, wish: Wish = {}) {
      stop.abort();
      stop = new AbortController();
      if (timer !== null) clearTimeout(timer);
      timer = null;
      followed = embeddings;
      const given = wishSignal(wish);
      const signal = given === undefined ? stop.signal : AbortSignal.any([given, stop.signal]);
      void watch(embeddings, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  });
}

const words = "Embed again, and time it";
