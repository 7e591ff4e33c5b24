import {isWorkbookError} from "../core/errors.js";
import type {WorkerEvent} from "../runtime/browser/protocol.js";
import {stageNames, type StageName} from "../core/types.js";
import {h} from "../views/dom.js";
import {formatCount, formatInteger} from "../views/format.js";
import {noticeOf} from "../views/notice-list.js";
import {stageCard, type StageCard, type StageState} from "../views/stage-card.js";

/** The five cards of a run, kept up to date by its events. */
export interface StageCards {
  readonly element: HTMLElement;
  /** All cards as before a run. */
  reset(detail?: string): void;
  /** The first stage is at work on opening the file. */
  opening(): void;
  apply(event: WorkerEvent): void;
  /** The run has failed: the stage that was at work shows what happened (an error, or words), or the one that reads the model if that was what failed. */
  fail(error: unknown): void;
  /** Puts a small figure on a stage's card; null takes it away. */
  figure(stage: StageName, figure: HTMLElement | null): void;
  /** Where a stage stands. */
  stateOf(stage: StageName): "idle" | "running" | "done";
  /** The run was canceled: what was not done goes back to waiting, with `detail` where it stopped. */
  canceled(detail: string): void;
}

const units: Record<StageName, string> = {
  load: "cell",
  normalize: "cell",
  sample: "cell",
  embed: "cell",
  umap: "epoch"
};

/** A drawing of 40 px and two lines of words. */
const figureHeight = 76;

/** The cards of the five stages; any card's Cancel calls `onCancel`. `chapters` are addresses of pages that open a stage up; `figures` leaves room for a small figure on each; stages after `until` have no card on the page. */
export function stageCards(
  onCancel: () => void,
  chapters: Partial<Record<StageName, string>> = {},
  {figures = false, until = "umap"}: {figures?: boolean; until?: StageName} = {}
): StageCards {
  const cards = new Map<StageName, StageCard>(
    stageNames.map((stage, i) => [
      stage,
      stageCard(stage, {number: i + 1, figureHeight: figures ? figureHeight : 0, chapterHref: chapters[stage]})
    ])
  );
  const states = new Map<StageName, "idle" | "running" | "done">();
  const element = h("div", {class: "wb-stages"}, [...cards.values()].slice(0, stageNames.indexOf(until) + 1));
  element.addEventListener("cancel", onCancel);

  const reset = (detail = "") => {
    for (const stage of stageNames) {
      states.set(stage, "idle");
      cards
        .get(stage)!
        .update({state: "idle", done: 0, total: 0, unit: units[stage], ms: 0, rate: undefined, detail: detail || null});
    }
  };
  const atWork = (): StageName => stageNames.find((stage) => states.get(stage) !== "done") ?? "umap";

  reset();
  return {
    element,
    reset,
    opening() {
      reset();
      states.set("load", "running");
      cards.get("load")!.update({state: "running", done: 0, total: 0, detail: "opening the file"});
    },
    apply(event) {
      if (event.type === "progress") {
        const {stage, state, done, total, ms, stored} = event;
        states.set(stage, state);
        const detail = stored
          ? "kept: nothing was computed"
          : stage === "umap" && total <= 1 && state === "running"
            ? "looking for each cell's neighbors"
            : null;
        cards.get(stage)!.update({
          state,
          done: total <= 1 && stage === "umap" ? 0 : done,
          total: total <= 1 && stage === "umap" ? 0 : total,
          unit: units[stage],
          ms,
          detail
        });
      } else if (event.type === "batch") {
        cards.get("embed")!.update({
          state: "running",
          detail: `${formatCount(event.rows.length, "sentence")} of ${formatInteger(event.length)} tokens in one call`
        });
      } else if (event.type === "device") {
        cards.get("embed")!.update({state: "running", detail: `on ${event.device.name}`});
      }
    },
    figure(stage, figure) {
      const card = cards.get(stage)!;
      card.update({state: card.dataset["state"] as StageState, figure});
    },
    stateOf: (stage) => states.get(stage)!,
    fail(error) {
      const stage = isWorkbookError(error) && error.domain === "model" ? "embed" : atWork();
      cards.get(stage)!.update({state: "error", detail: typeof error === "string" ? error : noticeOf(error).message});
    },
    canceled(detail) {
      const stopped = atWork();
      for (const stage of stageNames) {
        if (states.get(stage) === "done") continue;
        states.set(stage, "idle");
        cards.get(stage)!.update({state: "idle", detail: stage === stopped ? detail : null});
      }
    }
  };
}
