import type {Table} from "apache-arrow";
import type {CallFacts} from "../core/stages/status.js";
import {readCells} from "../core/tables/cells.js";
import {readProbabilities} from "../core/tables/probabilities.js";
import {readSentences} from "../core/tables/sentences.js";
import {readUmap} from "../core/tables/umap.js";
import type {StageName} from "../core/types.js";
import {formatCount, formatInteger, formatNumber} from "../views/format.js";
import {sparkBars, sparkDots, sparkLine} from "../views/spark.js";

const bins = 24;
/** Genes of one cell shown by probability. */
const genes = 60;

/** A small figure of a stage's table for its card: counts, probabilities of a cell, lengths of sentences, pace, the map; null if there is nothing to draw. */
export function stageFigure(table: Table, stage: StageName, calls: readonly CallFacts[]): HTMLElement | null {
  if (stage === "load") return countsFigure(table);
  if (stage === "normalize") return probabilitiesFigure(table);
  if (stage === "sample") return sentenceFigure(table);
  return stage === "embed" ? paceFigure(calls) : mapFigure(table);
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
function probabilitiesFigure(table: Table): HTMLElement | null {
  const cell = readProbabilities(table).find(({probabilities}) => probabilities !== null);
  if (cell === undefined) return null;
  const sorted = cell.probabilities!.slice().sort().reverse();
  const share = formatNumber(100 * sorted[0]);
  return sparkBars(sorted.subarray(0, genes), {
    title: `most probable genes of cell ${cell.row}`,
    label: `Probabilities of the ${Math.min(genes, sorted.length)} most probable genes of cell ${cell.row}; the first has ${share} % of all`
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
