import type {Table} from "apache-arrow";
import type {TableName} from "../core/pipeline/events.js";
import {readCells} from "../core/tables/cells.js";
import {readSentences} from "../core/tables/sentences.js";
import {readProbabilities} from "../core/tables/probabilities.js";
import type {StageName} from "../core/types.js";
import type {WorkerEvent} from "../runtime/browser/protocol.js";
import {formatCount, formatInteger, formatNumber} from "../views/format.js";
import {sparkBars, sparkDots, sparkLine} from "../views/spark.js";

/** Small figures for the stages' cards, kept up to date by a run's events and tables. */
export interface StageFigures {
  /** A call of the model or a state of the layout. */
  apply(event: WorkerEvent): void;
  /** Tables that are at hand; what depends on one that is not is emptied. */
  update(tables: ReadonlyMap<TableName, Table>): void;
}

const bins = 24;
/** Genes of one cell shown by probability. */
const genes = 60;

/** The figures; `show` puts one on a stage's card, null takes it away. */
export function stageFigures(show: (stage: StageName, figure: HTMLElement | null) => void): StageFigures {
  let pace: number[] = [];
  const shown = new Map<StageName, Table | undefined>();
  const once = (stage: StageName, table: Table | undefined, draw: (table: Table) => HTMLElement | null) => {
    if (shown.has(stage) && shown.get(stage) === table) return;
    shown.set(stage, table);
    show(stage, table === undefined ? null : draw(table));
  };
  return {
    apply(event) {
      if (event.type === "batch" && event.rows.length > 0) {
        pace.push(event.ms / event.rows.length);
        const last = pace.at(-1)!;
        show(
          "embed",
          sparkLine(pace, {
            title: "ms a cell, call by call",
            label: `Milliseconds a cell in ${formatCount(pace.length, "call")} of the model; the last took ${formatNumber(last)}`
          })
        );
      } else if (event.type === "layout") {
        show(
          "umap",
          sparkDots(event.positions, {
            title: event.epoch < event.epochs ? "the map so far" : "the map",
            label: `Map of ${formatCount(event.rows.length, "cell")}, epoch ${event.epoch} of ${event.epochs}`
          })
        );
      }
    },
    update(tables) {
      once("load", tables.get("cells"), countsFigure);
      once("normalize", tables.get("probabilities"), probabilitiesFigure);
      once("sample", tables.get("sentences"), sentenceFigure);
      if (tables.get("embeddings") === undefined && tables.get("cells") === undefined) {
        pace = [];
        show("embed", null);
      }
      if (tables.get("umap") === undefined) show("umap", null);
    }
  };
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
