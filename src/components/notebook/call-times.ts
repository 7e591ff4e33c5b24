import type {Stage, Wish} from "../core/stages/stage.js";
import type {ChainStatus} from "../core/stages/status.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {batchTimes} from "../views/batch-times.js";
import {extend, h, setText} from "../views/dom.js";
import {formatDuration} from "../views/format.js";
import {stageTexts} from "../views/stage-card.js";

/** How long each stage and each call of the model took, with a button that embeds once more. Made once; `follow` gives it another stage. */
export type CallTimes = HTMLElement & {
  /** Shows the calls of runs that make the vectors of `embeddings`, until the wish is withdrawn or another is followed. */
  follow(embeddings: Stage, wish?: Wish): void;
};

/** Least time between two drawings, milliseconds: calls may end many times a second. */
const spacing = 250;

/** The figure: calls of the run that goes on, or of the one that made the vectors, whose times are stored with them. */
export function callTimes(): CallTimes {
  const times = batchTimes();
  const stages = h("p", {class: "wb-small wb-stage-times"});
  const again = h("button", {type: "button", class: "wb-button wb-button-small", disabled: true}, words);
  let followed: Stage | null = null;
  let stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | null = null;
  again.addEventListener("click", () => followed?.start({anew: true}));

  function show(status: ChainStatus): void {
    const isDone = status.stages.every(({state}) => state === "done");
    again.disabled = status.running || !isDone;
    setText(stages, isDone ? stageTimes(status) : "");
    times.update(
      status.calls,
      isDone && !status.running ? notMeasured : "Each call of the model appears here as it ends."
    );
  }

  async function watch(stage: Stage, signal: AbortSignal): Promise<void> {
    let latest: ChainStatus | null = null;
    for await (const status of stage.watch({signal})) {
      if (signal.aborted) return;
      latest = status;
      if (!status.running) show(status);
      timer ??= setTimeout(() => {
        timer = null;
        if (!signal.aborted) show(latest!);
      }, spacing);
    }
  }

  return extend(h("div", {}, times, stages, again), {
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
const notMeasured = "Not measured: these vectors were taken from the store, and the run that made them kept no times.";

/** Each stage's own work, and whether it was done now. */
function stageTimes({stages}: ChainStatus): string {
  const parts = stages.map(
    ({stage, ms}) => `${stageTexts[stage].title} ${ms > 0 ? formatDuration(ms) : "not measured"}`
  );
  const when = stages.every(({stored}) => stored)
    ? "when this was computed"
    : "in this run, or where a stage was stored, when it was computed";
  return `Each stage's own work, ${when}: ${parts.join(", ")}. Stages overlap, so these times do not add up to the run's.`;
}
