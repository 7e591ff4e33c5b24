import type {Table} from "apache-arrow";
import {cellsTable, type ObsColumn} from "../../core/tables/cells.js";
import {
  float32Column,
  float64Column,
  int32Column,
  tableOf,
  utf8Column,
  type TableColumn
} from "../../core/tables/columns.js";
import {provenanceMetadata} from "../../core/tables/provenance.js";
import type {ReportData} from "./report-data.js";

/** A table of a report's source: the name of its file, and what it holds, in words. */
export interface SourceTable {
  name: string;
  words: string;
  table: Table;
}

/** What the column of a chosen gene is called in the cells table. */
export const geneColumnName = (gene: string): string => `gene ${gene}`;

/** What the column of mitochondrial shares is called in the cells table; percent. */
export const mitoColumnName = "mitochondrial %";

/**
 * Everything that a report shows, as tables: `cells` (a cells table with the published columns and the chosen genes as `obs:NAME`), a map each
 * (row, x, y), and where they are there `groups`, `scores`, `sentence`, `lost-genes`. Nothing else of the file is in them.
 */
export function sourceTables(data: ReportData): SourceTable[] {
  const made = provenanceMetadata(data.provenance);
  const {rows, status, alignedCounts} = data.cells;
  const {totalCounts, nGenes, mitoShare, mitoGenes} = data.quality;
  const mito = {name: mitoColumnName, kind: "number" as const, values: mitoShare.map((share) => 100 * share)};
  const obs: ObsColumn[] = [
    ...data.columns,
    ...data.genes.map(({gene, values}) => ({name: geneColumnName(gene), kind: "number" as const, values})),
    ...(mitoGenes.length === 0 ? [] : [mito])
  ];
  const cellIds = data.cellIds ?? Array.from(rows, (row) => `row ${row}`);
  const cells = {rows, cellIds, status, totalCounts, nGenes, alignedCounts, obs};
  return [
    {
      name: "cells",
      words: "every cell with its counts and the published columns",
      table: cellsTable(cells, data.provenance)
    },
    ...data.maps.map(({name, positions, places}, i) => ({
      name: mapTableName(i),
      words: name,
      table: tableOf(
        [
          int32Column(
            "row",
            places.map((place) => rows[place])
          ),
          float32Column(
            "x",
            positions.filter((_, at) => at % 2 === 0)
          ),
          float32Column(
            "y",
            positions.filter((_, at) => at % 2 === 1)
          )
        ],
        made
      )
    })),
    ...smallTables(data, made)
  ];
}

/** Name of the table of the report's i-th map. */
export function mapTableName(i: number): string {
  return i === 0 ? "map" : `map-${i + 1}`;
}

function smallTables(data: ReportData, made: Map<string, string>): SourceTable[] {
  const {groups, scores, sentence, alignment} = data;
  const found: SourceTable[] = [];
  if (groups !== null)
    found.push({name: "groups", words: "the leading genes of each group", table: tableOf(groupColumns(groups), made)});
  if (scores.length > 0)
    found.push({name: "scores", words: "trust scores", table: tableOf(scoreColumns(scores), made)});
  if (sentence?.sentence != null) {
    const table = tableOf(sentenceColumns(sentence, sentence.sentence.draws), made);
    found.push({name: "sentence", words: "the genes of one cell's sentence", table});
  }
  if (alignment.countsOfGene !== null) {
    const table = tableOf(lostColumns(alignment, alignment.countsOfGene), made);
    found.push({name: "lost-genes", words: "genes that the model lacks", table});
  }
  return found;
}

function text<Line>(name: string, lines: readonly Line[], of: (line: Line) => string): TableColumn {
  return utf8Column(name, lines.map(of));
}

function number<Line>(name: string, lines: readonly Line[], of: (line: Line) => number): TableColumn {
  return float64Column(name, Float64Array.from(lines, of));
}

function integer<Line>(name: string, lines: readonly Line[], of: (line: Line) => number): TableColumn {
  return int32Column(name, Int32Array.from(lines, of));
}

function groupColumns({groups}: NonNullable<ReportData["groups"]>): TableColumn[] {
  const lines = groups.flatMap((group) => group.genes.map((gene) => ({group, ...gene})));
  return [
    text("group", lines, ({group}) => group.name),
    integer("cells", lines, ({group}) => group.cells),
    text("gene", lines, ({gene}) => gene),
    number("difference", lines, ({difference}) => difference),
    number("share", lines, ({share}) => share),
    number("share_others", lines, ({shareOthers}) => shareOthers),
    number("auc", lines, ({auc}) => auc),
    number("q", lines, ({q}) => q)
  ];
}

function scoreColumns(scores: ReportData["scores"]): TableColumn[] {
  const lines = scores.flatMap(({labels, model, components}) => [
    {column: labels, space: "model", ...model.labels},
    {column: labels, space: "principal components", ...components.labels}
  ]);
  return [
    text("column", lines, ({column}) => column),
    text("space", lines, ({space}) => space),
    number("accuracy", lines, ({accuracy}) => accuracy),
    number("accuracy_error", lines, ({accuracyError}) => accuracyError),
    number("macro_recall", lines, ({macroRecall}) => macroRecall),
    number("macro_recall_error", lines, ({macroRecallError}) => macroRecallError),
    number("largest_group", lines, ({majority}) => majority)
  ];
}

function sentenceColumns(
  {symbols, counts, probabilities}: NonNullable<ReportData["sentence"]>,
  draws: Iterable<number>
): TableColumn[] {
  const times = new Map<number, number>();
  for (const gene of draws) times.set(gene, (times.get(gene) ?? 0) + 1);
  const drawn = [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return [
    text("gene", drawn, ([gene]) => symbols[gene]),
    number("counts", drawn, ([gene]) => counts[gene]),
    number("probability", drawn, ([gene]) => probabilities[gene]),
    integer("draws", drawn, ([, draws]) => draws)
  ];
}

function lostColumns({names, matched}: ReportData["alignment"], countsOfGene: Float64Array): TableColumn[] {
  const all = countsOfGene.reduce((sum, count) => sum + count, 0);
  const lost = [...names.keys()].filter((g) => matched[g] === 0 && countsOfGene[g] > 0);
  lost.sort((a, b) => countsOfGene[b] - countsOfGene[a]);
  return [text("gene", lost, (g) => names[g]), number("share", lost, (g) => countsOfGene[g] / all)];
}
