import {streamRows} from "../anndata/stream-rows.js";
import type {Alignment} from "../cells/align.js";
import {normalize, type CellProbabilities} from "../cells/normalize.js";
import {samplingSeeds} from "../cells/sampling-seeds.js";
import type {Encoder} from "../embed/encoder.js";
import {WorkbookError} from "../errors.js";
import type {NamedGeneSet} from "../genesets/parse-gmt.js";
import type {Sampling, SeedRule, SentenceConstants} from "../types.js";
import {explainCell, type GeneChange} from "./explain-cell.js";
import {placesOf, type CellPlaces, type ExplainedSpace} from "./explained-places.js";
import {gatherExplained, type ExplainedCells} from "./gather-explained.js";
import type {PreparedCells} from "../pipeline/prepare-cells.js";

/** A change by the names of its genes. */
export interface AskedChange extends NamedGeneSet {
  how: GeneChange["how"];
}

/** What is asked about cells. */
export interface ExplainRequest {
  /** Changes, in this order; genes that the model does not know in the file are left out of them, and a change without any is not made. */
  changes: readonly AskedChange[];
  /** The most probable genes of the cells (on average), each left out by itself, and all of them together; 0 for none. */
  top: number;
  /** Sentences of each kind, 2 or more. */
  draws: number;
}

/** How cells are explained. */
export interface ExplainCellsOptions extends ExplainedSpace {
  constants: SentenceConstants;
  sampling: Sampling;
  seeds: SeedRule;
  signal?: AbortSignal;
  /** Share done, 0 to 1. */
  onProgress?(share: number): void;
}

/** A cell with what belongs to its own file. */
interface ReadCell {
  cell: CellProbabilities;
  alignment: Alignment;
  seedOf(k: number): number;
}

/**
 * Explains the cells of `prepared` (its rows), each by `explainCell`, and takes means over them. Cells without a sentence are left out. Throws the WorkbookErrors "no-sentence" (domain "cells") if none is
 * left, "no-gene" (domain "genes") if no gene of any change is known, what `explainCell`, the reader and the encoder throw, and the signal's reason.
 */
export async function explainCells(
  prepared: PreparedCells,
  encoder: Encoder,
  {changes: asked, top, draws}: ExplainRequest,
  options: ExplainCellsOptions
): Promise<ExplainedCells> {
  const {constants, sampling, signal, onProgress, ...space} = options;
  const cells = await readCells(prepared, options);
  if (cells.length === 0) throw noSentence(prepared);
  const wanted = [...mostProbable(cells, top), ...asked];
  const known = wanted.filter(({genes}) => cells.some(({alignment}) => indicesOf(genes, alignment).length > 0));
  if (known.length === 0 && wanted.length > 0) throw noGene(wanted, prepared);
  const found: {row: number; explained: Awaited<ReturnType<typeof explainCell>>; places: CellPlaces}[] = [];
  for (const [i, {cell, alignment, seedOf}] of cells.entries()) {
    const changes = known.map(({name, genes, how}) => ({name, how, genes: indicesOf(genes, alignment)}));
    const explained = await explainCell(cell, alignment, encoder, changes, {
      constants,
      sampling,
      seedOf,
      draws,
      signal,
      onProgress: (done, total) => onProgress?.((i + done / total) / cells.length)
    });
    const places = await placesOf(cell.row, explained, space, signal);
    found.push({row: cell.row, explained, places});
  }
  const missing = wanted.filter((one) => !known.includes(one)).map(({name}) => name);
  return {...gatherExplained(found), draws, missing};
}

/** Cells that have a sentence, each with the genes and seeds of its own file. */
async function readCells(
  {files, ...whole}: PreparedCells,
  {seeds, signal}: Pick<ExplainCellsOptions, "seeds" | "signal">
): Promise<ReadCell[]> {
  const found: ReadCell[] = [];
  for (const {prepared, first} of files ?? [{prepared: whole, first: 0}]) {
    const {anndata, matrix, alignment, rows} = prepared;
    const seedOf = await samplingSeeds(seeds, rows, {nCells: anndata.nObs, names: () => anndata.obsNames()});
    for await (const block of streamRows(anndata, matrix, {rows, signal})) {
      for (const cell of normalize(block, alignment)) {
        if (cell.status !== "ok") continue;
        const {row} = cell;
        found.push({cell: {...cell, row: row + first}, alignment, seedOf: (k) => seedOf(row, k)});
      }
    }
  }
  return found;
}

/** The genes with the highest mean probability, each by itself, and all of them together where that leaves others. */
function mostProbable(cells: readonly ReadCell[], top: number): AskedChange[] {
  const sums = new Map<string, number>();
  for (const {cell, alignment} of cells) {
    cell.genes.forEach((gene, place) => {
      const symbol = alignment.symbols[gene];
      sums.set(symbol, (sums.get(symbol) ?? 0) + cell.probabilities[place]);
    });
  }
  // A sort keeps the order of equal ones: that of the file.
  const names = [...sums]
    .sort((a, b) => b[1] - a[1])
    .slice(0, top)
    .map(([symbol]) => symbol);
  const how = "leave out" as const;
  const each = names.map((name): AskedChange => ({name, genes: [name], how}));
  const leavesOthers = cells.every(({cell}) => cell.genes.length > names.length);
  if (names.length < 2 || !leavesOthers) return each;
  return [...each, {name: `all ${names.length} together`, genes: names, how}];
}

/** Aligned indices of the genes of these names. */
function indicesOf(names: readonly string[], {symbols}: Alignment): number[] {
  const wanted = new Set(names);
  return [...symbols.keys()].filter((gene) => wanted.has(symbols[gene]));
}

function noSentence({anndata, rows}: PreparedCells): WorkbookError {
  const which = rows.length === 1 ? `the cell in row ${rows[0]}` : `each of the ${rows.length} cells`;
  return new WorkbookError({
    domain: "cells",
    code: "no-sentence",
    fault: `${which} of ${anndata.name} has no counts that can be sampled`,
    remedy: "choose cells with status ok (embed tells)"
  });
}

function noGene(asked: readonly AskedChange[], {anndata}: PreparedCells): WorkbookError {
  const [{name, genes}] = asked;
  const which = asked.length === 1 && genes.length === 1 ? name : `${name} (${genes.slice(0, 5).join(", ")})`;
  return new WorkbookError({
    domain: "genes",
    code: "no-gene",
    fault: `the model knows none of the genes asked for in ${anndata.name}, among them ${which}`,
    remedy: "write them as the file does; capitals and small letters differ"
  });
}
