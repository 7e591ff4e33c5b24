import type {Table} from "apache-arrow";
import {isAbort} from "../core/errors.js";
import {eventLoopTurn} from "../core/event-loop-turn.js";
import type {Answer} from "../core/stages/answer.js";
import type {AnswerStatus, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import type {StageName} from "../core/types.js";
import {extend, h, setText} from "../views/dom.js";
import {noticeOf, sentence} from "../views/notice-list.js";

/** The line of an answer's run: a button that begins it, how far it is, Cancel, and what went wrong. Made once. */
export type AnswerRun = HTMLElement & {
  /**
   * Has an answer computed, at once where `unasked` (or where it is there already), else when the button is pressed. Resolves to its table; null once the wish is withdrawn or
   * another answer is asked. After a fault or Cancel it waits for the button.
   */
  ask(answer: Answer, how: Wish & {unasked: boolean; doing: string}): Promise<Table | null>;
  /** Asks nothing any more, and says these words. */
  rest(words: string): void;
};

/** What an answer waits for while its stage is computed. */
const waitsFor: Record<StageName, string> = {
  load: "the cells",
  normalize: "the probabilities",
  sample: "the sentences",
  embed: "the vectors",
  umap: "the map"
};

/** The line; `verb` is what its button says. */
export function answerRun({verb}: {verb: string}): AnswerRun {
  const begin = h("button", {type: "button", class: "wb-button wb-button-main", hidden: true}, verb);
  const cancel = h("button", {type: "button", class: "wb-button", hidden: true}, "Cancel");
  const bar = h("progress", {class: "wb-progress", max: 1, hidden: true, "aria-label": verb});
  const words = h("span", {class: "wb-small", role: "status"});
  const root = h("p", {class: "wb-answer-run"}, begin, cancel, bar, words);
  let stop = new AbortController();

  function show(state: "asks" | "runs" | "rests", said: string): void {
    begin.hidden = state !== "asks";
    cancel.hidden = bar.hidden = state !== "runs";
    setText(words, said);
  }

  function tell({done, total}: AnswerStatus, doing: string): void {
    if (total === 0) {
      bar.removeAttribute("value");
      return setText(words, `${doing} …`);
    }
    bar.value = done / total;
    setText(words, `${doing} … ${10 * Math.floor((10 * done) / total)} %`);
  }

  async function run(answer: Answer, doing: string, signal: AbortSignal): Promise<Table> {
    const over = new AbortController();
    bar.removeAttribute("value");
    show("runs", `${doing} …`);
    cancel.onclick = () => answer.cancel();
    const found = answer.table({signal}).finally(() => over.abort());
    const watched = (async () => {
      // What is there already is not said to be waited for.
      await eventLoopTurn();
      for await (const status of answer.watch({signal: over.signal})) {
        if (status.state === "waiting") setText(words, `Waiting for ${waitsFor[answer.parent.name]} …`);
        if (status.state === "running") tell(status, doing);
      }
    })();
    watched.catch(() => {});
    return found;
  }

  return extend(root, {
    async ask(answer: Answer, {unasked, doing, ...wish}: Wish & {unasked: boolean; doing: string}) {
      stop.abort();
      stop = new AbortController();
      const asked = wishSignal(wish);
      const signal = asked === undefined ? stop.signal : AbortSignal.any([stop.signal, asked]);
      let waits = !unasked && !(await isThere(answer));
      let said = "";
      while (!signal.aborted) {
        if (waits) {
          show("asks", said);
          if (!(await pressed(begin, signal))) break;
        }
        try {
          const table = await run(answer, doing, signal);
          if (signal.aborted) break;
          show("rests", "");
          return table;
        } catch (error) {
          if (signal.aborted) break;
          const {message, remedy = ""} = noticeOf(error);
          said = isAbort(error) ? "Canceled." : `${sentence(message)} ${sentence(remedy)}`.trim();
          waits = true;
        }
      }
      return null;
    },
    rest(said: string) {
      stop.abort();
      show("rests", said);
    }
  });
}

async function isThere(answer: Answer): Promise<boolean> {
  for await (const {state} of answer.watch()) return state === "done";
  return false;
}

/** True once the button is pressed, false once the signal is aborted. */
function pressed(button: HTMLButtonElement, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const over = new AbortController();
    const end = (answer: boolean) => (over.abort(), resolve(answer));
    button.addEventListener("click", () => end(true), {signal: over.signal});
    signal.addEventListener("abort", () => end(false), {signal: over.signal});
  });
}
