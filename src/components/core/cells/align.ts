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
}

/** Another set of names that the file offers, to be suggested where the chosen one fits no gene. */
export interface NameCandidate {
  /** Column of `var` it stands in, as a person would name it ("feature_name"); "var_names" for the index. */
  column: string;
  names: readonly string[];
}

/**
 * Finds the genes of a file among those of a model (spec: exact match, case included; file order; names that come twice
 * are all kept). `names` are the file's gene names, one a column. Throws a WorkbookError "no-gene-in-common" if none
 * matches; its way out looks at the case of the names, at Ensembl ids and at `candidates`.
 */
export function alignGenes(
  names: readonly string[],
  genes: readonly ModelGene[],
  candidates: readonly NameCandidate[] = []
): Alignment {
  const position = new Map(genes.map((gene, i) => [gene.symbol, i]));
  const alignedOfColumn = new Int32Array(names.length).fill(-1);
  const columns: number[] = [];
  const unmatched: string[] = [];
  for (const [column, name] of names.entries()) {
    if (position.has(name)) {
      alignedOfColumn[column] = columns.length;
      columns.push(column);
    } else {
      unmatched.push(name);
    }
  }
  if (columns.length === 0) throw noGeneInCommon(names, genes, position, candidates);
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
    unmatched
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

function noGeneInCommon(
  names: readonly string[],
  genes: readonly ModelGene[],
  position: ReadonlyMap<string, number>,
  candidates: readonly NameCandidate[]
): WorkbookError {
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
    remedy: wayOut(names, genes, position, candidates)
  });
}

function wayOut(
  names: readonly string[],
  genes: readonly ModelGene[],
  position: ReadonlyMap<string, number>,
  candidates: readonly NameCandidate[]
): string {
  if (names.length === 0) return "give a file that has genes";
  const matches = (list: readonly string[]): number => list.filter((name) => position.has(name)).length;
  const best = candidates
    .map(({column, names: list}) => ({column, list, count: matches(list)}))
    .sort((a, b) => b.count - a.count)[0];
  if (best !== undefined && best.count > 0) {
    const place = best.column.endsWith("var_names") ? best.column : `the var column "${best.column}"`;
    return `take the gene names from ${place} instead, where ${best.count} of ${best.list.length} match`;
  }
  const upperSymbols = new Set(genes.map((gene) => gene.symbol.toUpperCase()));
  const alike = names.filter((name) => upperSymbols.has(name.toUpperCase())).length;
  if (alike > 0) {
    const mouse = names.filter((name) => /^[A-Z][a-z]/.test(name)).length > names.length / 2;
    return mouse
      ? `${alike} names match but for case, in the style of mouse genes: give human cells, or map the genes to their ` +
          "human orthologues first"
      : `${alike} names match but for case: write the gene symbols as the model does, in capitals`;
  }
  const ensembl = names.filter((name) => /^ENS[A-Z]*G\d{6,}/.test(name)).length;
  if (ensembl > names.length / 2) {
    return names.filter((name) => name.startsWith("ENSG")).length > 0
      ? "these are Ensembl ids: add a var column with the gene symbols, for example feature_name"
      : "these are Ensembl ids of another species than human: give human cells with gene symbols";
  }
  return "put human gene symbols in var_names or in a var column, for example feature_name";
}
