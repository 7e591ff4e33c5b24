import type {Stage, Wish} from "../core/stages/stage.js";
import type {ChainStatus, StageStatus} from "../core/stages/status.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {stageNames, type StageName} from "../core/types.js";
import {deviceBadge} from "../views/device-badge.js";
import {extend, h, setText} from "../views/dom.js";
import {formatCount, formatInteger, formatRemaining} from "../views/format.js";
import {noticeList, sentence, type Notice} from "../views/notice-list.js";
import {stageCard, type StageCard, type StageState} from "../views/stage-card.js";
import {drawFigures} from "./stage-figure.js";
import {isToldOfFile} from "./told-of-file.js";

/** Cards of a chain's stages, its notices, its device, Run and Cancel. Made once; `follow` gives it another chain. */
export type StageStrip = HTMLElement & {
  /** Shows the chain up to `stage`, until the wish is withdrawn or another is followed. Asks for nothing to be computed. */
  follow(stage: Stage, wish?: Wish): void;
  /** The stage that it shows the chain of. */
  readonly stage: Stage | null;
};

/** What a strip shows. */
export interface StageStripOptions {
  /** The last stage ("umap"). */
  until?: StageName;
  /** Folder of the pages that open a stage up, with "/" at its end; left out, cards link nowhere. */
  chapters?: string;
  /** A small figure on each card, drawn when its stage is done (false). */
  figures?: boolean;
  /** Offers to run once more what is there (false). */
  again?: boolean;
}

/** A drawing of 40 px and two lines of words. */
const figureHeight = 76;

/** The strip of a page. Where it stands, faults and Cancel of a chain wait for its Run button. */
export function stageStrip(options: StageStripOptions = {}): StageStrip {
  const {until = "umap", chapters, figures = false, again = false} = options;
  const shown = stageNames.slice(0, stageNames.indexOf(until) + 1);
  const cards = new Map<StageName, StageCard>(
    shown.map((stage, i) => {
      const height = figures ? figureHeight : 0;
      return [
        stage,
        stageCard(stage, {number: i + 1, figureHeight: height, chapterHref: chapters && `${chapters}${stage}`})
      ];
    })
  );
  const notices = noticeList();
  const badge = deviceBadge({backend: null});
  const words = h("span", {class: "wb-small wb-run-words", role: "status"});
  const run = h("button", {type: "button", class: "wb-button wb-button-main", disabled: true}, "Run");
  const cancel = h("button", {type: "button", class: "wb-button", disabled: true}, "Cancel");
  const bar = h("div", {class: "wb-run-bar"}, run, cancel, words, stageNames.indexOf(until) >= 3 ? badge : null);
  const root = h(
    "section",
    {class: "wb-run", "aria-label": "Stages", "data-cards": shown.length, tabindex: -1},
    notices,
    h("div", {class: "wb-stages"}, [...cards.values()]),
    bar
  );
  let followed: Stage | null = null;
  let stop = new AbortController();
  let isDone = false;
  /** Address of the stage that the figure on each card is of. */
  const pictured = new Map<StageName, string>();

  run.addEventListener("click", () => followed?.start({anew: isDone}));
  const cancelRun = (): void => followed?.cancel();
  cancel.addEventListener("click", cancelRun);
  root.addEventListener("cancel", cancelRun);

  function show(status: ChainStatus, stage: Stage): void {
    const waiting = status.stages.some(({state}) => state === "waiting" || state === "error");
    isDone = status.stages.every(({state}) => state === "done");
    const refused = isRefused(status, stage);
    for (const each of status.stages) showCard(cards.get(each.stage), each, status, refused);
    setText(run, isDone ? "Run again" : "Run");
    run.hidden = isDone && !again;
    run.disabled = status.running || refused || !(waiting || (isDone && again));
    cancel.disabled = !status.running;
    hide(cancel, isDone && !status.running, run.hidden ? root : run);
    setText(words, wordsOf(status));
    notices.update(noticesOf(status, stage));
    const {device, calls} = status;
    const cells = calls.reduce((sum, call) => sum + call.cells, 0);
    const ms = calls.reduce((sum, call) => sum + call.ms, 0);
    badge.update({
      backend: device?.backend ?? null,
      adapter: device?.name.replace(/^[^,]+, /, ""),
      precision: device?.precision,
      msPerCell: cells > 0 ? ms / cells : undefined
    });
    Object.assign(root.dataset, {address: stage.address, running: status.running});
  }

  async function watch(stage: Stage, signal: AbortSignal): Promise<void> {
    for await (const status of stage.watch({signal})) {
      if (signal.aborted) return;
      show(status, stage);
    }
  }

  /** Takes the figures of other stages away, and draws those of this chain. */
  function picture(tip: Stage, signal: AbortSignal): Promise<void> {
    const addresses = new Map<StageName, string>();
    for (let stage: Stage | null = tip; stage !== null; stage = stage.parent) addresses.set(stage.name, stage.address);
    const put = (name: StageName, figure: HTMLElement | null): void => {
      const card = cards.get(name)!;
      card.update({state: card.dataset["state"] as StageState, figure});
      pictured.set(name, addresses.get(name)!);
    };
    for (const [name, address] of addresses) if (pictured.get(name) !== address) put(name, null);
    return drawFigures(tip, signal, put);
  }

  return extend(root, {
    get stage() {
      return followed;
    },
    follow(stage: Stage, wish: Wish = {}) {
      stop.abort();
      stop = new AbortController();
      followed = stage;
      const given = wishSignal(wish);
      const signal = given === undefined ? stop.signal : AbortSignal.any([given, stop.signal]);
      const report = (error: unknown): void => {
        if (!signal.aborted) throw error;
      };
      watch(stage, signal).catch(report);
      if (figures) picture(stage, signal).catch(report);
    }
  });
}

/** A hidden button loses the focus, and the keyboard its place with it: `next` takes it. */
function hide(button: HTMLButtonElement, isHidden: boolean, next: HTMLElement): void {
  if (isHidden && document.activeElement === button) next.focus({preventScroll: true});
  button.hidden = isHidden;
}

function showCard(
  card: StageCard | undefined,
  {stage, state, done, total, ms, stored}: StageStatus,
  status: ChainStatus,
  refused: boolean
): void {
  const isSearch = stage === "umap" && total <= 1;
  const stopped = status.canceled && stoppedStage(status) === stage;
  const kept = stopped ? "canceled; finished cells are kept" : null;
  const detail = {
    idle: kept,
    waiting: status.canceled ? kept : "waits for Run",
    running: isSearch ? "finding each cell's neighbors" : stage === "embed" ? callWords(status) : null,
    done: stored ? (ms > 0 ? "kept; the times are those of the run that made it" : "kept: nothing was computed") : null,
    error: refused ? "nothing to show: the file was refused" : (status.error?.fault ?? null)
  }[state];
  const at = isSearch ? {done: 0, total: 0} : {done, total};
  card?.update({state: state === "waiting" ? "idle" : state, ...at, ms, detail});
}

/** Where a run was stopped: rows stream through several stages at once, so the last that had begun. */
function stoppedStage({stages}: ChainStatus): StageName | undefined {
  const open = stages.filter(({state}) => state !== "done");
  return (open.findLast(({done}) => done > 0) ?? open[0])?.stage;
}

function callWords({calls, device}: ChainStatus): string | null {
  const last = calls.at(-1);
  if (last === undefined) return device === null ? "opening the model" : `on ${device.name}`;
  return `${formatCount(last.cells, "sentence")} of ${formatInteger(last.length)} tokens in one call`;
}

function wordsOf({running, canceled, estimate, error, stages}: ChainStatus): string {
  if (running || error !== null) return "";
  if (canceled) return "Canceled. What is finished is kept, and Run goes on from there.";
  if (stages.some(({state}) => state === "waiting")) {
    return estimate === null
      ? "How long this takes here is known once the first cells are embedded."
      : `This takes ${formatRemaining(estimate)} on this device.`;
  }
  const isDone = stages.every(({state}) => state === "done");
  return isDone && stages.every(({stored}) => stored) ? "Kept from an earlier run: nothing was computed now." : "";
}

/** True if the chain failed by what the file lacks: that is told where it was chosen. */
const isRefused = ({error}: ChainStatus, {file}: Stage): boolean => error !== null && isToldOfFile(error.code, file);

function noticesOf(status: ChainStatus, stage: Stage): Notice[] {
  const told: Notice[] = status.notices.map(({severity, code, message}) => ({severity, code, message}));
  if (status.error === null || isRefused(status, stage)) return told;
  const {code, fault, place, remedy} = status.error;
  return [...told, {severity: "error", code, message: sentence(fault), place, remedy}];
}
