import type {BenchRun} from "../core/bench/bench-run.js";
import type {Published} from "../core/bench/published.js";
import {benchLine} from "../views/bench-line.js";
import {h} from "../views/dom.js";

/** A file of the page. */
interface JsonFile {
  json(): Promise<unknown>;
}

/** What the benchmark measured of a stage, and what was published of it: a line that fills itself from the two files of figures. */
export function benchTimes(stage: string, runs: JsonFile, published: JsonFile): HTMLElement {
  const root = h("span");
  void Promise.all([runs.json(), published.json()])
    .then(([ours, theirs]) => root.replaceChildren(benchLine(stage, ours as {runs: BenchRun[]}, theirs as Published)))
    .catch(() => root.replaceChildren("The figures of the benchmark could not be read: reload the page."));
  return root;
}
