import type {Table} from "apache-arrow";
import {isWorkbookError} from "../core/errors.js";
import type {OpenFile, Stage} from "../core/stages/stage.js";
import {readCells} from "../core/tables/cells.js";
import {readEmbeddings} from "../core/tables/embeddings.js";
import {readUmap} from "../core/tables/umap.js";
import type {StageName} from "../core/types.js";
import {colorableColumns, columnColors} from "../views/color-column.js";
import type {ColorScale} from "../views/color-scale.js";
import {formatCount, formatInteger, formatNumber} from "../views/format.js";
import {sparkBars, sparkDots, sparkHeat, sparkStretches} from "../views/spark.js";
import {ask} from "./browser.js";
import {doneStages} from "./done-stages.js";
import {likeliestTypes} from "./opened-file.js";

const bins = 24;
/** Genes of one cell shown by probability. */
const genes = 40;
/** Cells and numbers of their vectors that are shown. */
const heat = {cells: 12, numbers: 32};

/**
 * Draws a small figure of each stage of a chain as it is done: counts of the cells, probabilities and sentence of the first, vectors of some,
 * the map. Ends with the signal; asks for nothing to be computed that is not done.
 */
export async function drawFigures(
  tip: Stage,
  signal: AbortSignal,
  draw: (stage: StageName, figure: HTMLElement | null) => void
): Promise<void> {
  for await (const {stage} of doneStages(tip, signal)) {
    const give = (figure: HTMLElement | null): void => {
      if (!signal.aborted) draw(stage.name, figure);
    };
    void figureOf(stage, signal).then(give, (error: unknown) => {
      // A file that went says so where it is read for more than a small figure.
      if (isWorkbookError(error)) return give(null);
      if (!signal.aborted) throw error;
    });
  }
}

/** The figure of a stage that is done; null if there is nothing to draw. */
async function figureOf(stage: Stage, signal: AbortSignal): Promise<HTMLElement | null> {
  const {name, file} = stage;
  if (name === "normalize" || name === "sample") return cellFigure(stage, signal);
  const table = await stage.table({signal});
  if (name === "load") return countsFigure(table);
  return name === "embed" ? vectorsFigure(table, file) : mapFigure(table, file);
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
    title: `counts a cell, ${least} to ${most}`,
    label: `Histogram of counts a cell: from ${least} to ${most}, median ${median}`
  });
}

/** What the stage makes of the first cell that can be used: its genes by probability, or its sentence. */
async function cellFigure(stage: Stage, signal: AbortSignal): Promise<HTMLElement | null> {
  let load = stage;
  while (load.parent !== null) load = load.parent;
  // The probabilities of all cells may be more than fit into a page.
  const {rows, status} = readCells(await load.table({signal}));
  const first = status.indexOf("ok");
  if (first < 0) return null;
  const {row, probabilities, counts, sentence} = await ask(stage, "cellSteps", {row: rows[first]}, {signal});
  const cell = `cell ${formatInteger(row)}`;
  if (stage.name === "normalize") return probabilitiesFigure(cell, probabilities, counts);
  if (sentence === null) return null;
  const {genes, chromosomes} = sentence.order;
  const drawn = genes.reduce((sum, list) => sum + list.length, 0);
  const stretches = genes.map((list) => repeats(list).map((times) => ({width: times, height: 1 + Math.log2(times)})));
  return sparkStretches(stretches, {
    title: `the sentence of ${cell}`,
    label: `Sentence of ${cell}: ${formatCount(drawn, "gene")} on ${formatCount(chromosomes.length, "chromosome")}, a color each in turn; a gene that is drawn often is a wider and higher bar`
  });
}

/** The most probable genes first, with their counts as a line, each as a share of its own largest. */
function probabilitiesFigure(cell: string, probabilities: Float32Array, counts: Float64Array): HTMLElement {
  const order = Array.from(probabilities.keys())
    .sort((a, b) => probabilities[b] - probabilities[a])
    .slice(0, genes);
  const share = formatNumber(100 * probabilities[order[0]]);
  return sparkBars(
    order.map((gene) => probabilities[gene]),
    {
      line: order.map((gene) => counts[gene]),
      title: "probability; line: counts",
      label: `Probabilities of the ${order.length} most probable genes of ${cell} as bars, the first ${share} % of all, and their counts as a line that falls faster`
    }
  );
}

/** Lengths of the runs of equal neighbors. */
function repeats(list: Int32Array): number[] {
  const runs: number[] = [];
  list.forEach((gene, i) => (i > 0 && list[i - 1] === gene ? (runs[runs.length - 1] += 1) : runs.push(1)));
  return runs;
}

/** The numbers of some cells' vectors that differ most between these, less their mean; cells of one group stand together. */
function vectorsFigure(table: Table, file: OpenFile): HTMLElement | null {
  const {rows, vectors, width, index} = readEmbeddings(table);
  if (index.length < 2) return null;
  const groups = colorsOf(file)?.index;
  const places = Array.from(index.keys());
  const group = (place: number) => groups?.[rows[index[place]]] ?? 0;
  places.sort((a, b) => group(a) - group(b) || a - b);
  const n = Math.min(heat.cells, places.length);
  const some = Array.from({length: n}, (_, i) => places[Math.floor(((i + 0.5) * places.length) / n)]);
  const of = (place: number, k: number) => vectors[place * width + k];
  const numbers = Array.from({length: width}, (_, k) => {
    const mean = some.reduce((sum, place) => sum + of(place, k), 0) / n;
    return {k, mean, spread: some.reduce((sum, place) => sum + (of(place, k) - mean) ** 2, 0)};
  });
  const shown = numbers.sort((a, b) => b.spread - a.spread).slice(0, heat.numbers);
  const values = Float32Array.from(some.flatMap((place) => shown.map(({k, mean}) => of(place, k) - mean)));
  return sparkHeat(values, shown.length, {
    title: `vectors of ${formatCount(n, "cell")}`,
    label: `Vectors of ${formatCount(n, "cell")}, a row each: ${shown.length} of ${width} numbers, less their mean; orange is above it, blue below`
  });
}

function mapFigure(table: Table, file: OpenFile): HTMLElement {
  const {rows, positions, index} = readUmap(table);
  const scale = colorsOf(file);
  const colors = scale && {...scale, index: Array.from(index, (place) => scale.index[rows[place]])};
  return sparkDots(positions, {
    title: "the map",
    label: `Map of ${formatCount(index.length, "cell")}`,
    colors: colors ?? undefined
  });
}

/** Colors by the column that names types, as far as can be told. */
function colorsOf({obs, cellIds}: OpenFile): ColorScale | null {
  const column = likeliestTypes(
    colorableColumns(obs, cellIds.length).filter(({kind}) => kind === "categorical" || kind === "text")
  );
  return column === undefined ? null : columnColors(column);
}
