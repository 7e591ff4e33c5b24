import type {BenchRun} from "../core/bench/bench-run.js";
import type {Stage} from "../core/stages/stage.js";
import {software} from "../runtime/browser/software.js";
import {ask} from "./browser.js";

/** What a measurement tells of itself. */
export interface MeasureListener {
  signal: AbortSignal;
  /** How much of it is done, 0 to 1, and what is being measured. */
  onProgress(share: number, words: string): void;
  /** The run with one more way in it. */
  onRun(run: BenchRun): void;
}

/** Times every way of running the model of `embeddings` in this browser, one after another. Rejects with a WorkbookError, or the signal's reason. */
export async function measureBrowser(embeddings: Stage, {signal, onProgress, onRun}: MeasureListener): Promise<void> {
  onProgress(0, "Looking for ways to run the model …");
  const {ways, model} = await ask(embeddings, "benchWays", {}, {signal});
  const run = emptyRun(ways, model);
  for (const [way, label] of ways.entries()) {
    const told = (done: number, total: number) =>
      onProgress((way + done / total) / ways.length, `${way + 1} of ${ways.length}: ${label}.`);
    const {rows, cold} = await ask(embeddings, "benchWay", {way}, {signal, onProgress: told});
    run.rows.push(...rows);
    if (cold.length > 0) run.cold.push({what: label, parts: cold});
    onRun({...run, rows: [...run.rows], cold: [...run.cold]});
  }
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
