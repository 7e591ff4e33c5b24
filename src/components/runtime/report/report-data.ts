import type {Table} from "apache-arrow";
import {isWorkbookError, WorkbookError} from "../../core/errors.js";
import type {CellQuality} from "../../core/cells/quality.js";
import type {GeneAlignment} from "../../core/questions/gene-alignment.js";
import type {CellAnswer} from "../../core/questions/cell-steps.js";
import type {MarkedGroup} from "../../core/questions/group-markers.js";
import type {MapFidelity} from "../../core/questions/map-fidelity.js";
import type {TrustLabels} from "../../core/questions/trust-labels.js";
import {mostMappedByComponents} from "../../core/pipeline/component-map.js";
import type {FileMap} from "../../core/stages/file-maps.js";
import {obsPrefix, readCells, type CellColumns, type ObsColumn} from "../../core/tables/cells.js";
import {joinedTable} from "../../core/tables/joined.js";
import {readProvenance, type Provenance} from "../../core/tables/provenance.js";
import {readUmap} from "../../core/tables/umap.js";
import {
  ask,
  embed,
  load,
  normalize,
  openFile,
  sample,
  umap,
  type LoadOptions,
  type Stage
} from "../../notebook/node.js";

/** What a report is computed with. */
export interface ReportChoices {
  /** Folder of the model's bundle; null is the embedded one. */
  model: string | null;
  /** Folder that keeps results, so that a report is built again without embedding; none if left out. */
  store?: string;
  /** How counts and gene names are read, as `load` takes it. */
  load: Pick<LoadOptions, "matrix" | "geneColumn" | "repair">;
  /** A line about the file that has an effect on results. */
  note(text: string): void;
  /** Rows of the file, both included; null for all. */
  rows: {first: number; last: number} | null;
  /** obs columns that are published: no other is. The file has them all, and the genes, too. */
  columns: readonly string[];
  genes: readonly string[];
  /** Names of cells are published, too. */
  cellNames: boolean;
  signal: AbortSignal;
  onProgress(what: string, done: number, total: number): void;
}

/** A map of the report: positions of cells, x and y by turns, and which cells of the report they are. */
export interface ReportMap {
  name: string;
  words: string;
  positions: Float32Array;
  places: Int32Array;
}

/** Everything that a report of one file shows. */
export interface ReportData {
  file: string;
  cells: Pick<CellColumns, "rows" | "status" | "alignedCounts">;
  /** Names of the cells; null where they are not published. */
  cellIds: readonly string[] | null;
  genesInFile: number;
  quality: CellQuality;
  alignment: GeneAlignment;
  /** One cell's way to its sentence; null where no cell has one. */
  sentence: CellAnswer | null;
  maps: ReportMap[];
  /** Published columns, for the report's cells. */
  columns: ObsColumn[];
  /** log1p(counts per 10,000) of the chosen genes. */
  genes: {gene: string; values: Float64Array}[];
  groups: {column: string; groups: MarkedGroup[]} | null;
  scores: TrustLabels[];
  fidelity: MapFidelity | null;
  provenance: Provenance;
  model: {name: string; untrained: boolean};
  /** Row, status, map and published columns of each cell, for a download. */
  table: Table;
  /** That the model was trained on cells of the file, in words. */
  trained: string | null;
}

const mostScoredColumns = 4;

/** Computes the chain of a file, and what its report shows. Rejects with a WorkbookError that says what is wrong with the file or a choice. */
export async function reportData(path: string, choices: ReportChoices): Promise<ReportData> {
  const {model, store, signal, rows: range, onProgress} = choices;
  const file = await openFile(path, {model, signal, ...(store === undefined ? {} : {store})});
  const nCells = file.cellIds.length;
  const cells = range === null ? {} : {cells: {mode: "rows" as const, rows: rowsWithin(file.name, range, nCells)}};
  for (const {message, aside} of file.inspection.problems) if (aside !== true) choices.note(`${file.name}: ${message}`);
  const counts = load(file, {model, ...choices.load, ...cells});
  const sentences = sample(normalize(counts));
  const embeddings = embed(sentences, {backend: "auto"});
  const map = umap(embeddings);
  const mapTable = await tableOf(map, signal, onProgress);
  const told = (what: string) => ({signal, onProgress: (done: number, total: number) => onProgress(what, done, total)});
  const cellsTable = await counts.table({signal});
  const known = readCells(cellsTable);
  const {rows} = known;
  const columns = choices.columns.map((name) => known.obs.find((column) => column.name === name)!);
  const quality = await ask(counts, "quality", {}, told("measure quality"));
  const laidOut = readUmap(mapTable);
  const vectors = await embeddings.table({signal});
  const scores = await scoresOf(embeddings, columns, told("score"));
  return {
    file: file.name,
    cells: {rows, status: known.status, alignedCounts: known.alignedCounts},
    cellIds: choices.cellNames ? known.cellIds : null,
    genesInFile: file.inspection.nVar,
    quality: ofRows(quality, rows),
    alignment: await ask(counts, "geneAlignment", {}, told("align genes")),
    sentence: await sentenceOf(sentences, known, told("one cell")),
    maps: [
      {
        name: "UMAP of the model's vectors",
        words: "Each point is a cell; cells whose vectors point the same way lie together.",
        positions: laidOut.positions,
        places: laidOut.index
      },
      ...(await otherMaps(file.maps, embeddings, rows, told("map of principal components")))
    ],
    columns,
    genes: await genesOf(counts, rows, choices.genes, quality, told("read genes")),
    groups: await groupsOf(counts, columns, told("rank genes")),
    scores,
    fidelity: await ask(
      embeddings,
      "mapFidelity",
      {positions: laidOut.positions, k: kFor(laidOut.index.length)},
      told("trustworthiness")
    ),
    provenance: readProvenance(mapTable)!,
    model: {name: readProvenance(vectors)!.model!.name, untrained: readProvenance(vectors)!.model!.untrained === true},
    table: joinedTable({
      embeddings: vectors,
      map: mapTable,
      obs: columns,
      columns: [
        "row",
        ...(choices.cellNames ? ["cell_id"] : []),
        "status",
        "x",
        "y",
        ...columns.map(({name}) => obsPrefix + name)
      ]
    }),
    trained: file.inspection.problems.find(({code}) => code === "trained-on")?.message ?? null
  };
}

function kFor(cells: number): number {
  return Math.max(1, Math.min(15, Math.floor((cells - 1) / 2)));
}

/** The stage's table; progress is told until it is there. */
async function tableOf(stage: Stage, signal: AbortSignal, tell: ReportChoices["onProgress"]): Promise<Table> {
  const ended = new AbortController();
  const watching = (async () => {
    for await (const {stages} of stage.watch({signal: ended.signal}))
      for (const {stage: name, state, done, total} of stages) if (state === "running") tell(name, done, total);
  })().catch(() => {});
  try {
    return await stage.table({signal});
  } finally {
    ended.abort();
    await watching;
  }
}

function rowsWithin(file: string, {first, last}: {first: number; last: number}, nCells: number): number[] {
  if (first >= nCells) {
    const fault = `--rows ${first}-${last}: ${file} has ${nCells} cells`;
    throw new WorkbookError({domain: "usage", code: "bad-option", fault, remedy: `use rows 0 to ${nCells - 1}`});
  }
  return Array.from({length: Math.min(last, nCells - 1) - first + 1}, (_, i) => first + i);
}

type Task = {signal: AbortSignal; onProgress(done: number, total: number): void};

function ofRows({totalCounts, nGenes, mitoShare, mitoGenes}: CellQuality, rows: Int32Array): CellQuality {
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]);
  return {
    totalCounts: pick(totalCounts),
    nGenes: rows.map((row) => nGenes[row]),
    mitoShare: pick(mitoShare),
    mitoGenes
  };
}

/** The cell whose total counts are the median of those that have a sentence: neither the best nor the worst. */
async function sentenceOf(stage: Stage, cells: CellColumns, task: Task): Promise<CellAnswer | null> {
  const usable = [...cells.rows.keys()].filter((i) => cells.status[i] === "ok");
  if (usable.length === 0) return null;
  usable.sort((a, b) => cells.totalCounts[a] - cells.totalCounts[b] || a - b);
  return ask(stage, "cellSteps", {row: cells.rows[usable[Math.floor(usable.length / 2)]]}, task);
}

async function otherMaps(own: readonly FileMap[], stage: Stage, rows: Int32Array, task: Task): Promise<ReportMap[]> {
  const places = Int32Array.from(rows.keys());
  const ofFile = own.slice(0, 2).map(({name, positions}) => ({
    name: `${name} of the file`,
    words: "Coordinates that the file brought.",
    positions: Float32Array.from({length: 2 * rows.length}, (_, i) => positions[2 * rows[i >> 1] + (i & 1)]),
    places
  }));
  if (rows.length > mostMappedByComponents || rows.length < 3) return ofFile;
  const {positions} = await ask(stage, "componentMap", {rows}, task);
  const words =
    "The same cells and the same UMAP of 30 principal components of log(1 + counts per 10,000), without the model.";
  return [{name: "UMAP of principal components", words, positions, places}, ...ofFile];
}

async function genesOf(
  stage: Stage,
  rows: Int32Array,
  genes: readonly string[],
  quality: CellQuality,
  task: Task
): Promise<ReportData["genes"]> {
  const found: ReportData["genes"] = [];
  for (const gene of genes) {
    const {counts} = await ask(stage, "geneCounts", {gene, rows}, task);
    const values = Float64Array.from(rows, (row, i) => Math.log1p((1e4 * counts[i]) / quality.totalCounts[row]));
    found.push({gene, values});
  }
  return found;
}

/** Answers of a question for the published columns; those that do not group cells have none. */
async function forGroups<Answer>(
  columns: readonly ObsColumn[],
  most: number,
  of: (name: string) => Promise<Answer>
): Promise<[string, Answer][]> {
  const found: [string, Answer][] = [];
  for (const {name, kind} of columns) {
    if (kind === "number" || found.length >= most) continue;
    try {
      found.push([name, await of(name)]);
    } catch (error) {
      if (!isWorkbookError(error) || (error.domain !== "space" && error.code !== "no-labeling")) throw error;
    }
  }
  return found;
}

async function groupsOf(stage: Stage, columns: readonly ObsColumn[], task: Task): Promise<ReportData["groups"]> {
  const [first] = await forGroups(columns, 1, (column) => ask(stage, "groupMarkers", {column}, task));
  return first === undefined ? null : {column: first[0], groups: first[1]};
}

async function scoresOf(stage: Stage, columns: readonly ObsColumn[], task: Task): Promise<TrustLabels[]> {
  const found = await forGroups(columns, mostScoredColumns, (labels) =>
    ask(stage, "trustLabels", {labels, batches: null}, task)
  );
  return found.map(([, scores]) => scores);
}
