import type {Table} from "apache-arrow";
import {isWorkbookError} from "../core/errors.js";
import type {Stage} from "../core/stages/stage.js";
import {readCells} from "../core/tables/cells.js";
import {readSentences} from "../core/tables/sentences.js";
import {readUmap} from "../core/tables/umap.js";
import type {CallFacts, StageName} from "../core/types.js";
import {formatCount, formatInteger, formatNumber} from "../views/format.js";
import {sparkBars, sparkDots, sparkLine} from "../views/spark.js";
import {ask} from "./browser.js";
import {doneStages} from "./done-stages.js";

const bins = 24;
/** Genes of one cell shown by probability. */
const genes = 60;

/**
 * Draws a small figure of each stage of a chain as it is done: counts, probabilities of a cell, lengths of sentences, pace, the map. Ends
 * with the signal; asks for nothing to be computed that is not done.
 */
export async function drawFigures(
  tip: Stage,
  signal: AbortSignal,
  draw: (stage: StageName, figure: HTMLElement | null) => void
): Promise<void> {
  for await (const {stage, calls} of doneStages(tip, signal)) {
    const give = (figure: HTMLElement | null): void => {
      if (!signal.aborted) draw(stage.name, figure);
    };
    void figureOf(stage, calls, signal).then(give, (error: unknown) => {
      // A file that went says so where it is read for more than a small figure.
      if (isWorkbookError(error)) return give(null);
      if (!signal.aborted) throw error;
    });
  }
}

/** The figure of a stage that is done; null if there is nothing to draw. */
async function figureOf(stage: Stage, calls: readonly CallFacts[], signal: AbortSignal): Promise<HTMLElement | null> {
  const {name, parent} = stage;
  if (name === "embed") return paceFigure(calls);
  // The probabilities of all cells may be more than fit into a page.
  if (name === "normalize") return probabilitiesFigure(stage, await parent!.table({signal}), signal);
  const table = await stage.table({signal});
  if (name === "load") return countsFigure(table);
  return name === "sample" ? sentenceFigure(table) : mapFigure(table);
}

/** Milliseconds a cell, call by call of the model. */
function paceFigure(calls: readonly CallFacts[]): HTMLElement | null {
  const pace = calls.filter(({cells}) => cells > 0).map(({ms, cells}) => ms / cells);
  if (pace.length === 0) return null;
  const last = formatNumber(pace.at(-1)!);
  return sparkLine(pace, {
    title: "ms a cell, call by call",
    label: `Milliseconds a cell in ${formatCount(pace.length, "call")} of the model; the last took ${last}`
  });
}

function mapFigure(table: Table): HTMLElement {
  const {positions, index} = readUmap(table);
  return sparkDots(positions, {title: "the map", label: `Map of ${formatCount(index.length, "cell")}`});
}

/** How many cells have how many counts, on a logarithmic axis. */
function countsFigure(table: Table): HTMLElement | null {
  const counts = readCells(table).totalCounts.filter((count) => count > 0 && Number.isFinite(count));
  if (counts.length === 0) return null;
  const sorted = counts.slice().sort();
  const [low, high] = [Math.log(sorted[0]), Math.log(sorted.at(-1)!)];
  const found = new Array<number>(bins).fill(0);
  for (const count of counts)
    found[Math.min(bins - 1, Math.floor((bins * (Math.log(count) - low)) / (high - low || 1)))] += 1;
  const [least, median, most] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)!].map((count) =>
    formatInteger(Math.round(count))
  );
  return sparkBars(found, {
    title: `counts a cell: ${least} to ${most}`,
    label: `Counts a cell: from ${least} to ${most}, median ${median}`
  });
}

/** Probabilities of the first cell that has any, the largest first. */
async function probabilitiesFigure(stage: Stage, cells: Table, signal: AbortSignal): Promise<HTMLElement | null> {
  const {rows, status} = readCells(cells);
  const first = status.indexOf("ok");
  if (first < 0) return null;
  const {row, probabilities} = await ask(stage, "cellSteps", {row: rows[first]}, {signal});
  const sorted = probabilities.slice().sort().reverse();
  const share = formatNumber(100 * sorted[0]);
  return sparkBars(sorted.subarray(0, genes), {
    title: `most probable genes of cell ${row}`,
    label: `Probabilities of the ${Math.min(genes, sorted.length)} most probable genes of cell ${row}; the first has ${share} % of all`
  });
}

/** Lengths of the sentences. */
function sentenceFigure(table: Table): HTMLElement | null {
  const {nTokens} = readSentences(table);
  const there = nTokens.filter((n) => n > 0);
  if (there.length === 0) return null;
  const number = new Map<number, number>();
  for (const n of there) number.set(n, (number.get(n) ?? 0) + 1);
  const [least, most] = [Math.min(...number.keys()), Math.max(...number.keys())];
  // Every chromosome adds two tokens, so lengths are two apart.
  const bars = Array.from({length: (most - least) / 2 + 1}, (_, i) => number.get(least + 2 * i) ?? 0);
  const words = least === most ? formatInteger(least) : `${formatInteger(least)} to ${formatInteger(most)}`;
  return sparkBars(bars, {
    title: `tokens a cell: ${words}`,
    label: `Tokens of a sentence: ${words}; each chromosome that a cell uses adds two`
  });
}
