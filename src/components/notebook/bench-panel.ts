import type {BenchRun} from "../core/bench/bench-run.js";
import {readBenchRun} from "../core/bench/read-bench-run.js";
import {isAbort} from "../core/errors.js";
import type {Stage} from "../core/stages/stage.js";
import {download} from "../views/download.js";
import {extend, h, setText} from "../views/dom.js";
import {formatDuration, formatRemaining} from "../views/format.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {measureBrowser} from "./measure-browser.js";

/** Measures this browser. Its value are the runs that were made or added here, newest first; "input" tells of a change. */
export type BenchPanel = HTMLElement & {readonly value: readonly BenchRun[]};

const first =
  "About half a minute with a graphics card, some minutes without one. Close other programs: they take from its time.";

/**
 * A button that times every way of running the model in this browser, one after another, with progress, remaining time and Cancel; the newest run
 * can be saved as a file, and runs of others added. `embeddings` says which model. Ends what it began when `invalidation` settles.
 */
export function benchPanel(embeddings: Stage, {invalidation}: {invalidation?: Promise<unknown>} = {}): BenchPanel {
  let runs: readonly BenchRun[] = [];
  let stop: AbortController | null = null;
  const button = (kind: string, words: string, act: () => void, disabled = false) =>
    h("button", {type: "button", class: `wb-button ${kind}`, disabled, onclick: act}, words);
  const start = button("wb-button-main", "Measure this browser", () => void measure());
  const cancel = button("", "Cancel", () => stop?.abort(), true);
  const save = button("", "Export the run", () => exportRun(runs[0]), true);
  const input = h("input", {type: "file", accept: ".json,application/json", onchange: () => void add()});
  const bar = h("progress", {max: 1, value: 0, "aria-label": "Progress of the measurement"});
  const words = h("p", {class: "wb-small wb-bench-words", role: "status"}, first);
  const actions = h(
    "div",
    {class: "wb-actions"},
    start,
    cancel,
    save,
    h("label", {class: "wb-field"}, "Add a run", input)
  );
  const root: BenchPanel = extend(h("div", {class: "wb-bench-panel"}, actions, bar, words), {
    get value() {
      return runs;
    }
  });
  void invalidation?.then(() => stop?.abort());

  function change(next: readonly BenchRun[]): void {
    runs = next;
    save.disabled = runs.length === 0;
    root.dispatchEvent(new Event("input", {bubbles: true}));
  }

  async function measure(): Promise<void> {
    stop = new AbortController();
    const {signal} = stop;
    const [begin, others] = [performance.now(), runs];
    start.disabled = true;
    cancel.disabled = false;
    const onProgress = (share: number, what: string) => {
      // A call that is under way ends after Cancel, and tells of it.
      if (signal.aborted) return;
      bar.value = share;
      const left = (performance.now() - begin) * (1 / share - 1);
      setText(words, share > 0 ? `${what} Remaining: ${formatRemaining(left)}.` : what);
    };
    try {
      await measureBrowser(embeddings, {signal, onProgress, onRun: (run) => change([run, ...others])});
      const took = formatDuration(performance.now() - begin);
      setText(words, `Measured in ${took}. The run is below, and stays until the page is left: export it to keep it.`);
    } catch (error) {
      const canceled = isAbort(error) || signal.aborted;
      setText(words, canceled ? "Canceled. What was measured before stays below." : told(error));
    } finally {
      stop = null;
      bar.value = 0;
      start.disabled = false;
      cancel.disabled = true;
    }
  }

  async function add(): Promise<void> {
    const file = input.files?.[0];
    if (file === undefined) return;
    try {
      change([readBenchRun(await file.text(), file.name), ...runs]);
      setText(words, `${file.name} was added.`);
    } catch (error) {
      setText(words, told(error));
    }
    input.value = "";
  }

  return root;
}

function told(error: unknown): string {
  const {message, remedy = ""} = noticeOf(error);
  return `${sentence(message)} ${sentence(remedy)}`;
}

function exportRun(run: BenchRun): void {
  download(`benchmark-${run.date.slice(0, 10)}.json`, [`${JSON.stringify(run, null, 1)}\n`], {
    type: "application/json"
  });
}
