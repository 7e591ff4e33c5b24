import {WorkbookError} from "../errors.js";
import type {ModelGene} from "../types.js";

/**
 * The G genes of a file that a model knows, in file order. An "aligned index" is a position in these lists; probabilities,
 * draws and cumulative distributions speak in aligned indices.
 */
export interface Alignment {
  /** Genes in the file. */
  nCols: number;
  /** File column of each aligned gene, ascending; length G. */
  columns: Int32Array;
  /** Position in the model's gene list of each aligned gene; a name that the file repeats repeats here. */
  modelGenes: Int32Array;
  /** Symbol of each aligned gene. */
  symbols: string[];
  /** Checkpoint token of each aligned gene. */
  tokens: Int32Array;
  /** Chromosome id of each aligned gene. */
  chromosomes: Int32Array;
  /** Start on its chromosome of each aligned gene, base pairs. */
  starts: Int32Array;
  /** Rank of each aligned gene by (chromosome, start), from 0; equal where both are equal. */
  genomeRank: Int32Array;
  /** Aligned index of each file column, -1 where the model has no such gene; length nCols. */
  alignedOfColumn: Int32Array;
  /** Names in the file that the model has no gene for, in file order. */
  unmatched: string[];
  /** 1 for each row of the file whose cell is left out by a filter, and gets no distribution; absent without one. */
  leftOutRows?: Uint8Array;
}

/**
 * Finds the genes of a file among those of a model (exact match, case included; file order; names that come twice
 * are all kept). `names` are the file's gene names, one a column, repaired before if they are to be (`repairNames`); columns and rows that a filter leaves out are
 * not used. Throws a
 * WorkbookError "no-gene-in-common" if none matches; what the names look like instead is `fileProblems`' part.
 */
export function alignGenes(
  names: readonly string[],
  genes: readonly ModelGene[],
  filter?: {columns: Uint8Array; leftOutRows: Uint8Array}
): Alignment {
  const position = new Map(genes.map((gene, i) => [gene.symbol, i]));
  const alignedOfColumn = new Int32Array(names.length).fill(-1);
  const columns: number[] = [];
  const unmatched: string[] = [];
  for (const [column, name] of names.entries()) {
    if (filter?.columns[column] === 0) continue;
    if (position.has(name)) {
      alignedOfColumn[column] = columns.length;
      columns.push(column);
    } else {
      unmatched.push(name);
    }
  }
  if (columns.length === 0) throw noGeneInCommon(names, genes);
  const modelGenes = Int32Array.from(columns, (column) => position.get(names[column]) ?? -1);
  const aligned = Array.from(modelGenes, (i) => genes[i]);
  return {
    nCols: names.length,
    columns: Int32Array.from(columns),
    modelGenes,
    symbols: aligned.map((gene) => gene.symbol),
    tokens: Int32Array.from(aligned, (gene) => gene.token),
    chromosomes: Int32Array.from(aligned, (gene) => gene.chromosome),
    starts: Int32Array.from(aligned, (gene) => gene.start),
    genomeRank: rankByPlace(aligned),
    alignedOfColumn,
    unmatched,
    ...(filter && {leftOutRows: filter.leftOutRows})
  };
}

function rankByPlace(genes: readonly ModelGene[]): Int32Array {
  const order = genes.map((_, i) => i);
  order.sort((a, b) => genes[a].chromosome - genes[b].chromosome || genes[a].start - genes[b].start);
  const rank = new Int32Array(genes.length);
  for (let i = 1; i < order.length; ++i) {
    const here = genes[order[i]];
    const before = genes[order[i - 1]];
    const same = here.chromosome === before.chromosome && here.start === before.start;
    rank[order[i]] = rank[order[i - 1]] + (same ? 0 : 1);
  }
  return rank;
}

function noGeneInCommon(names: readonly string[], genes: readonly ModelGene[]): WorkbookError {
  const shown = (list: readonly string[]): string =>
    list
      .slice(0, 3)
      .map((name) => `"${name}"`)
      .join(", ");
  return new WorkbookError({
    domain: "genes",
    code: "no-gene-in-common",
    fault:
      names.length === 0
        ? "the file has no genes"
        : `none of the file's ${names.length} gene names (${shown(names)}) is among the model's ${genes.length} ` +
          `(${shown(genes.map((gene) => gene.symbol))})`,
    place: "/var",
    remedy:
      names.length === 0
        ? "give a file that has genes"
        : "put gene symbols of the model's species in var_names or in a var column, for example feature_name"
  });
}
