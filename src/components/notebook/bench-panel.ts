import type {BenchRun} from "../core/bench/bench-run.js";
import {readBenchRun} from "../core/bench/read-bench-run.js";
import {isAbort} from "../core/errors.js";
import type {Stage} from "../core/stages/stage.js";
import {software} from "../runtime/browser/software.js";
import {download} from "../views/download.js";
import {extend, h, setText} from "../views/dom.js";
import {formatDuration, formatRemaining} from "../views/format.js";
import {noticeOf, sentence} from "../views/notice-list.js";
import {ask} from "./browser.js";

/** Measures this browser. Its value are the runs that were made or added here, newest first; "input" tells of a change. */
export type BenchPanel = HTMLElement & {readonly value: readonly BenchRun[]};

/**
 * A button that times every way of running the model in this browser, one after another, with progress, remaining time and Cancel; the newest run
 * can be saved as a file, and runs of others added. `embeddings` says which model. Ends what it began when `invalidation` settles.
 */
export function benchPanel(embeddings: Stage, {invalidation}: {invalidation?: Promise<unknown>} = {}): BenchPanel {
  let runs: readonly BenchRun[] = [];
  let stop: AbortController | null = null;
  const start = h(
    "button",
    {type: "button", class: "wb-button wb-button-main", onclick: () => void measure()},
    "Measure this browser"
  );
  const cancel = h(
    "button",
    {type: "button", class: "wb-button", disabled: true, onclick: () => stop?.abort()},
    "Cancel"
  );
  const save = h(
    "button",
    {type: "button", class: "wb-button", disabled: true, onclick: () => exportRun(runs[0])},
    "Export the run"
  );
  const input = h("input", {type: "file", accept: ".json,application/json", onchange: () => void add()});
  const bar = h("progress", {max: 1, value: 0, "aria-label": "Progress of the measurement"});
  const words = h("p", {class: "wb-small wb-bench-words", role: "status"}, first);
  const root: BenchPanel = extend(
    h(
      "div",
      {class: "wb-bench-panel"},
      h("div", {class: "wb-actions"}, start, cancel, save, h("label", {class: "wb-field"}, "Add a run", input)),
      bar,
      words
    ),
    {
      get value() {
        return runs;
      }
    }
  );
  const change = (next: readonly BenchRun[]) => {
    runs = next;
    save.disabled = runs.length === 0;
    root.dispatchEvent(new Event("input", {bubbles: true}));
  };
  void invalidation?.then(() => stop?.abort());

  async function measure(): Promise<void> {
    const mine = (stop = new AbortController());
    const {signal} = mine;
    const begin = performance.now();
    start.disabled = true;
    cancel.disabled = false;
    const others = runs;
    try {
      setText(words, "Looking for ways to run the model …");
      const {ways, model} = await ask(embeddings, "benchWays", {}, {signal});
      const run = emptyRun(ways, model);
      for (const [way, label] of ways.entries()) {
        const onProgress = (done: number, total: number) => {
          bar.value = (way + done / total) / ways.length;
          const left = (performance.now() - begin) * (1 / bar.value - 1);
          setText(
            words,
            `${way + 1} of ${ways.length}: ${label}. ${bar.value > 0 ? `Remaining: ${formatRemaining(left)}.` : ""}`
          );
        };
        const {rows, cold} = await ask(embeddings, "benchWay", {way}, {signal, onProgress});
        run.rows.push(...rows);
        if (cold.length > 0) run.cold.push({what: label, parts: cold});
        change([{...run, rows: [...run.rows], cold: [...run.cold]}, ...others]);
      }
      setText(
        words,
        `Measured in ${formatDuration(performance.now() - begin)}. The run is below, and stays until the page is left: export it to keep it.`
      );
    } catch (error) {
      const {message, remedy = ""} = noticeOf(error);
      setText(
        words,
        isAbort(error) || signal.aborted
          ? "Canceled. What was measured before stays below."
          : `${sentence(message)} ${sentence(remedy)}`
      );
    } finally {
      if (stop === mine) stop = null;
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
      const {message, remedy = ""} = noticeOf(error);
      setText(words, `${sentence(message)} ${sentence(remedy)}`);
    }
    input.value = "";
  }

  return root;
}

const first =
  "About half a minute with a graphics card, some minutes without one. Close other programs: they take from its time.";

function exportRun(run: BenchRun): void {
  download(`benchmark-${run.date.slice(0, 10)}.json`, [`${JSON.stringify(run, null, 1)}\n`], {
    type: "application/json"
  });
}

function emptyRun(ways: readonly string[], model: BenchRun["model"]): BenchRun {
  const {userAgent, hardwareConcurrency} = navigator;
  const browser = /(Firefox|Edg|Chrome|Version)\/([\d.]+)/.exec(userAgent);
  const memory = (navigator as {deviceMemory?: number}).deviceMemory;
  return {
    format: "uce-workbook-bench",
    formatVersion: 1,
    date: new Date().toISOString(),
    command: "Measure this browser, on the page of benchmarks",
    machine: {
      processor: null,
      cores: hardwareConcurrency,
      memoryGB: memory ?? null,
      gpu: ways.map((label) => /WebGPU \((.*?)\)/.exec(label)?.[1]).find((name) => name !== undefined) ?? null,
      system: /\(([^;)]*)/.exec(userAgent)?.[1] ?? null,
      load: null
    },
    versions: {[browser?.[1] ?? "Browser"]: browser?.[2] ?? userAgent.slice(0, 100), [software.name]: software.version},
    model,
    ...{rows: [], stages: [], cold: [], endToEnd: [], long: [], downloads: []}
  };
}
