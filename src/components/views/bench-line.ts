import type {BenchRun} from "../core/bench/bench-run.js";
import type {Published} from "../core/bench/published.js";
import {h} from "./dom.js";
import {formatNumber} from "./format.js";

/** How long a stage takes for one cell, as the benchmark measured it and as the seed project published it, in two sentences. */
export function benchLine(stage: string, {runs}: {runs: readonly BenchRun[]}, published: Published): HTMLElement {
  const of = runs.find((run) => run.stages.some((one) => one.stage === stage));
  const time = of?.stages.find((one) => one.stage === stage);
  const theirs = published.tables.flatMap(({rows}) => rows).find((row) => row.stage === stage)?.value ?? null;
  const [machine] = published.machine.split(";");
  return h(
    "span",
    {"data-bench": stage},
    h("strong", {}, "Time of a cell. "),
    time === undefined
      ? "Not measured yet. "
      : `Measured: ${formatNumber(time.ms.median)} ms, from ${formatNumber(time.ms.low)} to ${formatNumber(time.ms.high)} in ${time.ms.n} runs of ${time.cells} cells (${time.what}; Node, ${of!.machine.cores} cores, ${of!.date.slice(0, 10)}). `,
    theirs === null
      ? "The seed project published none."
      : `Published by the seed project: ${formatNumber(theirs, 4)} ms (${machine}).`
  );
}
