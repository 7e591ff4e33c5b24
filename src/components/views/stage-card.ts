import type {StageName} from "../core/types.js";
import {extend, h, setAttribute, setText, uniqueId} from "./dom.js";
import {formatCount, formatDuration, formatInteger, formatRate, formatRemaining} from "./format.js";

/** Where a stage stands. */
export type StageState = "idle" | "running" | "done" | "error";

/** What a card shows; fields left out keep what they were. */
export interface StageStatus {
  state: StageState;
  /** Finished and wanted items; total 0 or less: unknown, the bar is then indeterminate while running. */
  done?: number;
  total?: number;
  /** What is counted, in the singular ("cell", "epoch"). */
  unit?: string;
  /** Time of this stage's own work so far, ms. */
  ms?: number;
  /** Items a second lately; left out: done / ms. */
  rate?: number;
  /** One short sentence in the figure's place, until there is one: what is going on, or what went wrong. */
  detail?: string | null;
  /** A small live figure; null removes it. */
  figure?: Element | null;
}

export interface StageCardOptions {
  title?: string;
  /** One line about what the stage does. */
  explanation?: string;
  /** The page that opens this stage up. */
  chapterHref?: string;
  /** Place in the chain, shown before the title. */
  number?: number;
}

/** A card; `update` changes it in place. */
export type StageCard = HTMLElement & {update(status: StageStatus): void};

/** Titles and one-line explanations of the five stages. */
export const stageTexts: Record<StageName, {title: string; explanation: string}> = {
  load: {title: "Load", explanation: "Read the file, find raw counts, match its genes to the model's."},
  normalize: {title: "Normalize", explanation: "Per cell: log of one plus counts, scaled to sum to one."},
  sample: {title: "Sample", explanation: "Draw 1,024 genes a cell; write them as a sentence."},
  embed: {title: "Embed", explanation: "The model reads each sentence and returns one vector a cell."},
  umap: {title: "UMAP", explanation: "Lay the vectors out on a plane, neighbors near neighbors."}
};

/** Least time between two announcements of one state, milliseconds. */
const quiet = 15_000;

const stateWords: Record<StageState, string> = {
  idle: "waiting",
  running: "running",
  done: "done",
  error: "stopped by an error"
};

/**
 * The card of one stage: state, a slot for a small figure, progress bar, count and time. It has one height in every state. Attributes `data-stage`, `data-state`, `data-done`, `data-total` mirror it; changes of
 * state are announced, and each quarter of a stage that takes long.
 */
export function stageCard(stage: StageName, options: StageCardOptions = {}): StageCard {
  const {title = stageTexts[stage].title, explanation = stageTexts[stage].explanation, chapterHref, number} = options;
  const titleId = uniqueId("stage");
  const word = h("span");
  const chip = h("span", {class: "wb-chip"}, word);
  const bar = h("progress", {class: "wb-progress", "aria-label": `${title}: progress`, max: 1, value: 0});
  const count = h("span");
  const time = h("span");
  const detail = h("p", {class: "wb-stage-detail"});
  const figure = h("div", {class: "wb-stage-figure"});
  const announcement = h("span", {class: "wb-hidden", role: "status"});
  const card = h(
    "section",
    {class: "wb-stage", "data-stage": stage, "aria-labelledby": titleId, title: explanation},
    h(
      "header",
      {class: "wb-stage-header"},
      h(
        "h3",
        {id: titleId},
        number === undefined ? null : h("span", {class: "wb-stage-number"}, `${number} `),
        chapterHref === undefined ? title : h("a", {href: chapterHref}, title)
      ),
      chip
    ),
    h("div", {class: "wb-stage-slot"}, figure, detail),
    bar,
    h("div", {class: "wb-stage-numbers"}, count, time),
    announcement
  );
  let status: Required<Omit<StageStatus, "rate" | "figure">> & Pick<StageStatus, "rate"> = {
    state: "idle",
    done: 0,
    total: 0,
    unit: stage === "umap" ? "epoch" : "cell",
    ms: 0,
    detail: null
  };
  let said = {time: 0, quarter: 0};
  show();
  return extend(card, {
    update(next: StageStatus) {
      const changed = next.state !== status.state;
      const given = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
      // A sentence belongs to its state: "NaN in row 3" must not stay under a run that began anew.
      status = {...status, rate: undefined, ...(changed ? {detail: null} : {}), ...given};
      if (next.figure !== undefined) figure.replaceChildren(...(next.figure === null ? [] : [next.figure]));
      show();
      const quarter = status.total > 0 ? Math.floor((4 * status.done) / status.total) : 0;
      const isTime =
        changed || (status.state === "running" && quarter > said.quarter && performance.now() - said.time > quiet);
      if (!isTime) return;
      said = {time: performance.now(), quarter: status.state === "running" ? quarter : 0};
      setText(announcement, announce(title, status));
    }
  });

  function show(): void {
    const {state, done, total} = status;
    card.dataset.state = state;
    card.dataset.done = String(done);
    card.dataset.total = String(total);
    setText(word, state === "error" ? "error" : stateWords[state]);
    if (state === "running" && total <= 0) bar.removeAttribute("value");
    else bar.value = state === "done" ? 1 : total > 0 ? Math.min(1, done / total) : 0;
    setText(count, counted(status));
    setText(time, remaining(status));
    setAttribute(time, "title", paced(status) || null);
    setText(detail, status.detail ?? "");
    setAttribute(detail, "title", status.detail);
  }
}

type Shown = Required<Omit<StageStatus, "rate" | "figure">> & Pick<StageStatus, "rate">;

function counted({state, done, total, unit}: Shown): string {
  if (state === "idle" && done === 0) return total > 0 ? formatCount(total, unit) : "";
  if (total <= 0 || done === total) return done > 0 ? formatCount(done, unit) : "";
  return state === "running"
    ? `${formatInteger(done)} of ${formatInteger(total)}`
    : `${formatInteger(done)} of ${formatCount(total, unit)}`;
}

function paced(status: Shown): string {
  const perSecond = speedOf(status);
  if (status.state !== "running" && status.state !== "done") return "";
  return perSecond > 0 ? formatRate(perSecond, status.unit) : "";
}

function remaining(status: Shown): string {
  const {state, done, total, ms} = status;
  // What was kept from an earlier run took no time now.
  if (state === "done") return ms > 0 ? formatDuration(ms) : "";
  const perSecond = speedOf(status);
  return state === "running" && perSecond > 0 && total > done
    ? `${formatRemaining(((total - done) / perSecond) * 1000)} left`
    : "";
}

function speedOf({done, ms, rate}: Shown): number {
  return rate ?? (ms > 0 ? (done * 1000) / ms : 0);
}

function announce(title: string, status: Shown): string {
  const words = `${title}: ${stateWords[status.state]}`;
  if (status.state === "running" && status.total > 0 && 4 * status.done >= status.total) {
    return [`${title}: ${25 * Math.floor((4 * status.done) / status.total)} %`, remaining(status)]
      .filter(Boolean)
      .join(", ");
  }
  if (status.state === "done") {
    const work = [counted(status), status.ms > 0 ? `in ${formatDuration(status.ms)}` : ""].filter(Boolean).join(" ");
    return [words, work, status.detail ?? (status.ms > 0 ? "" : "kept")].filter(Boolean).join(", ");
  }
  return status.state === "error" && status.detail !== null ? `${words}: ${status.detail}` : words;
}
