import type {Table} from "apache-arrow";
import {readCells} from "../tables/cells.js";
import {readEmbeddings} from "../tables/embeddings.js";
import {readProvenance} from "../tables/provenance.js";
import {readUmap} from "../tables/umap.js";
import {stageNames, type Sentence, type StageName} from "../types.js";
import {createCellRecords, type CellRecords} from "./cell-records.js";
import {embedStage, type EmbedStageOptions} from "./embed-stage.js";
import type {PipelineEvent, TableName} from "./events.js";
import type {PipelineParameters} from "../parameters.js";
import {keepAlignment} from "./known-alignments.js";
import {mapEmbeddings, type MappableCells} from "./map-embeddings.js";
import {prepareCells, type PreparedCells} from "./prepare-cells.js";
import {provenanceOf, type PipelineDeps, type PipelineRun, type PipelineSource} from "./run-context.js";
import {seedNotices} from "./seed-notices.js";
import {sentencesOfFile, sentencesOfTable, sentencesOfProbabilities, type KeptTables} from "./sentence-stages.js";

export type {PipelineDeps, PipelineSource} from "./run-context.js";

/** Tables of an earlier run of the same file, cells and parameters, as far as each stage's address agrees. */
export type StoredTables = Partial<Record<TableName, Table>>;

/** What a run is asked for, beside its parameters. */
export interface PipelineOptions extends EmbedStageOptions {
  parameters: PipelineParameters;
  /** Cells to use, ascending rows; null is all. */
  rows?: Int32Array | null;
  /** Last stage to run ("umap"). */
  until?: StageName;
  /**
   * Tables to keep and hand out that grow with the file (none): 8 bytes a gene that a cell has (probabilities), 4 bytes a token (sentences). `obs: false`
   * leaves the file's columns out of the cells table: to read one is to read it for all cells of the file, whichever are chosen.
   */
  keep?: KeptTables;
  /** Results that need not be computed again: a stage that has its table is not run. */
  stored?: StoredTables;
  /** Look the file over and tell of its problems also where every result is stored (false: whoever opened it has told them). */
  tellStored?: boolean;
  signal?: AbortSignal;
  onEvent?: (event: PipelineEvent) => void;
}

/**
 * Runs the chain load -> normalize -> sample -> embed -> umap on one file and tells of it in events; every finished table
 * is an event. Rows stream through the first four stages, so memory is bounded by a block of rows, the vectors and what
 * `keep` asks for. Callbacks, not an async generator, because a worker's messages are callbacks (docs/decisions.md).
 * Throws a WorkbookError if the file cannot be used, and the signal's reason when aborted.
 */
export async function runPipeline(source: PipelineSource, deps: PipelineDeps, options: PipelineOptions): Promise<void> {
  const {parameters, stored = {}, until = "umap", onEvent = () => {}} = options;
  const last = stageNames.indexOf(until);
  const way = sourceOfSentences(stored, last, parameters.average, source.anndata.files !== undefined);
  const isEmbedding = way !== "none" && last >= stageNames.indexOf("embed");
  const opening = isEmbedding ? deps.openEncoder(options.signal) : null;
  // Awaited later: until then nobody hears of a failure.
  opening?.catch(() => {});
  const {run, sentences} = await begin(source, deps, options, {way, last, onEvent}).catch((error: unknown) => {
    opening?.then((encoder) => encoder.close()).catch(() => {});
    throw error;
  });
  if (sentences !== null && last < stageNames.indexOf("embed")) for await (const _ of sentences) continue;
  if (last < stageNames.indexOf("embed")) return;
  let cells: MappableCells;
  let provenance = readOr(stored.umap);
  if (sentences === null) {
    tellStored(run, "embed", {embeddings: stored.embeddings});
    cells = mappable(stored.embeddings!);
    provenance ??= mapProvenance(run, stored.embeddings!);
  } else {
    const embedded = await embedStage(run, sentences, opening!, options);
    cells = embedded.cells;
    provenance = provenanceOf(run, "umap", embedded.encoder);
  }
  if (last < stageNames.indexOf("umap")) return;
  if (sentences === null && stored.umap !== undefined) return tellMap(run, stored.umap);
  await mapEmbeddings(cells, {
    ...parameters,
    engine: deps.layoutEngine,
    search: deps.search,
    provenance,
    signal: options.signal,
    onEvent
  });
}

/** The run, and where its sentences come from: the file, kept probabilities, kept sentences; null if no sentence is needed. */
async function begin(
  source: PipelineSource,
  deps: PipelineDeps,
  options: PipelineOptions,
  {way, last, onEvent}: {way: SentencesFrom; last: number; onEvent: (event: PipelineEvent) => void}
): Promise<{run: PipelineRun; sentences: AsyncIterable<Sentence> | null}> {
  const {parameters, rows = null, stored = {}, keep = {}, signal} = options;
  const start = performance.now();
  const shared = {source, deps, parameters, last, signal, onEvent};
  const prepare = async (): Promise<PreparedCells> => {
    const prepared = await prepareCells(source.anndata, deps.bundle.genes, parameters, rows, {
      model: deps.bundle,
      aliases: deps.aliases,
      trainedOn: deps.bundle.manifest.trainedOn,
      signal
    });
    keepAlignment(deps.bundle.hash, parameters, prepared);
    const seedWords = seedNotices(
      parameters.seeds,
      prepared.rows,
      parameters.seeds === "name" ? source.anndata.obsNames() : []
    );
    for (const notice of [...prepared.notices, ...seedWords]) onEvent({type: "notice", stage: "load", ...notice});
    return prepared;
  };
  if (way === "file") {
    const prepared = await prepare();
    const names = source.anndata.obsNames();
    const run: PipelineRun = {
      ...shared,
      rows: prepared.rows,
      cellIds: Array.from(prepared.rows, (row) => names[row]),
      records: createCellRecords(prepared.rows),
      matrix: prepared.matrix.name,
      genes: {
        names: prepared.names.source,
        inFile: prepared.alignment.nCols,
        aligned: prepared.alignment.columns.length,
        species: deps.bundle.species,
        repair: [...parameters.repair],
        ...(prepared.leftOut && {leftOut: prepared.leftOut}),
        repaired: prepared.names.repaired.taken.length
      }
    };
    return {run, sentences: sentencesOfFile(run, prepared, keep, performance.now() - start)};
  }
  if (options.tellStored === true && way !== "probabilities") await prepare();
  const run: PipelineRun = {...shared, ...storedRun(stored.cells!)};
  tellStored(run, "load", {genes: stored.genes, cells: stored.cells});
  if (last >= stageNames.indexOf("normalize")) tellStored(run, "normalize", {probabilities: stored.probabilities});
  if (way === "probabilities")
    return {run, sentences: sentencesOfProbabilities(run, await prepare(), stored.probabilities!, keep)};
  if (last >= stageNames.indexOf("sample")) tellStored(run, "sample", {sentences: stored.sentences});
  return {run, sentences: way === "sentences" ? sentencesOfTable(run, stored.sentences!) : null};
}

type SentencesFrom = "file" | "probabilities" | "sentences" | "none";

function sourceOfSentences(stored: StoredTables, last: number, average: number, isJoined: boolean): SentencesFrom {
  if (stored.genes === undefined || stored.cells === undefined) return "file";
  if (last < stageNames.indexOf("sample")) return last === 0 || stored.probabilities !== undefined ? "none" : "file";
  if (last === stageNames.indexOf("sample") ? stored.sentences !== undefined : stored.embeddings !== undefined)
    return "none";
  // A sentences table has the first of a cell's sentences only.
  if (stored.sentences !== undefined && average === 1) return "sentences";
  // Of several files probabilities are kept in the order of all files' genes, and drawn in that of each file's own.
  return stored.probabilities === undefined || isJoined ? "file" : "probabilities";
}

function storedRun(table: Table): Pick<PipelineRun, "rows" | "cellIds" | "records" | "matrix" | "genes"> {
  const {rows, cellIds, status, totalCounts, nGenes, alignedCounts} = readCells(table);
  const records: CellRecords = {
    rows,
    status: [...status],
    totalCounts,
    nGenes,
    alignedCounts,
    nTokens: new Int32Array(rows.length),
    seen: rows.length,
    firstFault: null
  };
  const provenance = readProvenance(table);
  return {rows, cellIds, records, matrix: provenance?.matrix ?? "X", genes: provenance?.genes};
}

/** Says that a stage was done earlier, and hands out its tables. */
function tellStored({rows, onEvent}: PipelineRun, stage: StageName, tables: StoredTables): void {
  for (const [name, table] of Object.entries(tables) as [TableName, Table | undefined][]) {
    if (table !== undefined) onEvent({type: "table", stage, name, table, stored: true});
  }
  onEvent({type: "progress", stage, state: "done", done: rows.length, total: rows.length, ms: 0, stored: true});
}

/** A kept map: its positions as a layout that is finished. */
function tellMap({onEvent}: PipelineRun, table: Table): void {
  const {rows, index, positions} = readUmap(table);
  onEvent({type: "layout", rows: index.map((place) => rows[place]), epoch: 1, epochs: 1, positions});
  onEvent({type: "table", stage: "umap", name: "umap", table, stored: true});
  onEvent({type: "progress", stage: "umap", state: "done", done: 1, total: 1, ms: 0, stored: true});
}

function mappable(table: Table): MappableCells {
  const {rows, cellIds, vectors, width, index} = readEmbeddings(table);
  return {rows, cellIds, vectors, width, index};
}

const readOr = (table: Table | undefined) => (table === undefined ? null : readProvenance(table));

/** The provenance of a new map of kept vectors: theirs, with the map's parameters. */
function mapProvenance(run: PipelineRun, embeddings: Table) {
  const known = readProvenance(embeddings);
  const own = provenanceOf(run, "umap");
  return known?.model === undefined ? own : {...own, model: known.model};
}
