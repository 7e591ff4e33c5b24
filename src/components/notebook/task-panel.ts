import {isAbort} from "../core/errors.js";
import {extend, h, setText} from "../views/dom.js";
import {formatRemaining} from "../views/format.js";
import {noticeOf, sentence} from "../views/notice-list.js";

/** What came of a task: figures, and what was measured in words. */
export interface TaskResult {
  figures: Element[];
  words: string;
}

/** A task that a person starts. */
export interface PanelTask {
  /** What will be computed and how long that takes, in words. */
  estimate(): Promise<string>;
  run(options: {signal: AbortSignal; onProgress(done: number, total: number): void}): Promise<TaskResult>;
}

/** A task that takes a while, as a panel: its fields, a button, progress, Cancel, and what came of it. Made once. */
export type TaskPanel = HTMLElement & {
  /**
   * The task from now on, until `signal` is aborted; text (null: nothing) says why there is none. What runs is canceled. What was measured goes unless `keep`.
   */
  follow(task: PanelTask | string | null, options?: {signal?: AbortSignal; keep?: boolean}): void;
  /** Says anew what will be computed, after a field changed. */
  estimate(): void;
  /** Begins, as the button does. */
  start(): void;
};

/** How a panel looks and speaks. */
export interface TaskPanelOptions {
  /** Its name for those who do not see it. */
  label: string;
  /** What the progress bar is called. */
  progress: string;
  /** What the button says ("Measure"). */
  action?: string;
  fields?: readonly Element[];
  /** While there is no task. */
  waiting: string;
  /** Before the first progress ("Opening the model …"). */
  opening?: string;
  /** How far it is, in words. */
  done(done: number, total: number): string;
}

/** The panel, which cannot begin before it follows a task. */
export function taskPanel({
  label,
  progress: progressName,
  action = "Measure",
  fields = [],
  waiting,
  opening = "Opening the model …",
  done: doneWords
}: TaskPanelOptions): TaskPanel {
  const begin = h("button", {type: "button", class: "wb-button wb-button-main", disabled: true}, action);
  const cancel = h("button", {type: "button", class: "wb-button", disabled: true}, "Cancel");
  const bar = h("progress", {class: "wb-progress", max: 1, value: 0, "aria-label": progressName});
  const words = h("p", {class: "wb-small wb-trust-words", role: "status"}, waiting);
  const result = h("div", {class: "wb-trust-result"});
  const root = h(
    "section",
    {class: "wb-card wb-task", "aria-label": label},
    h("div", {class: "wb-fields"}, ...fields, begin, cancel),
    bar,
    words,
    result
  );
  let of: {task: PanelTask; signal?: AbortSignal} | null = null;
  let stop: AbortController | null = null;

  async function estimate(): Promise<void> {
    if (stop !== null || of === null) return;
    const asked = of;
    try {
      const text = await asked.task.estimate();
      if (stop === null && of === asked) setText(words, text);
    } catch (error) {
      if (!isAbort(error) && of === asked) setText(words, sentence(noticeOf(error).message));
    }
  }

  async function run(): Promise<void> {
    if (of === null || stop !== null) return;
    const {task, signal} = of;
    const mine = (stop = new AbortController());
    begin.disabled = true;
    cancel.disabled = false;
    setText(words, opening);
    try {
      const answer = await task.run({
        signal: signal === undefined ? mine.signal : AbortSignal.any([mine.signal, signal]),
        onProgress: showProgress(bar, doneWords, (text) => stop === mine && setText(words, text))
      });
      if (stop !== mine) return;
      result.replaceChildren(...answer.figures);
      setText(words, answer.words);
    } catch (error) {
      if (stop !== mine) return;
      stop = null;
      // The worker may have to begin anew before it can say how long it takes; the button does not wait for that.
      if (isAbort(error)) void estimate();
      else setText(words, faultWords(error));
    } finally {
      if (stop === mine) stop = null;
      if (stop === null) {
        bar.value = 0;
        begin.disabled = of === null;
        cancel.disabled = true;
      }
    }
  }

  begin.addEventListener("click", () => void run());
  cancel.addEventListener("click", () => stop?.abort());
  return extend(root, {
    follow(task: PanelTask | string | null, {signal, keep = false}: {signal?: AbortSignal; keep?: boolean} = {}) {
      stop?.abort();
      if (!keep) result.replaceChildren();
      const isTask = task !== null && typeof task !== "string";
      of = isTask ? {task, signal} : null;
      begin.disabled = !isTask || stop !== null;
      if (isTask) void estimate();
      else setText(words, task ?? waiting);
    },
    estimate: () => void estimate(),
    start: () => void run()
  });
}

function faultWords(error: unknown): string {
  const {message, remedy = ""} = noticeOf(error);
  return `${sentence(message)} ${sentence(remedy)}`.trim();
}

/** Moves the bar with every piece; words that are read aloud change ten times. */
function showProgress(
  bar: HTMLProgressElement,
  words: (done: number, total: number) => string,
  say: (text: string) => void
): (done: number, total: number) => void {
  let begun = 0;
  let told = -1;
  return (done, total) => {
    if (!(total > 0)) return;
    begun ||= performance.now() - 1;
    bar.value = done / total;
    if (Math.floor((10 * done) / total) === told) return;
    told = Math.floor((10 * done) / total);
    const left = ((performance.now() - begun) / done) * (total - done);
    const remaining = done > 0 && done < total ? `, ${formatRemaining(left)} left` : "";
    say(`${words(done, total)}${remaining}`);
  };
}
