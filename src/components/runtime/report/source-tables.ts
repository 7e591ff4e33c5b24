import type {Table} from "apache-arrow";
import {cellsTable, type ObsColumn} from "../../core/tables/cells.js";
import {float32Column, float64Column, int32Column, tableOf, utf8Column} from "../../core/tables/columns.js";
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
  const found: SourceTable[] = [];
  const {groups, scores, sentence, alignment} = data;
  if (groups !== null) {
    const lines = groups.groups.flatMap((group) => group.genes.map((gene) => ({group, ...gene})));
    found.push({
      name: "groups",
      words: "the leading genes of each group",
      table: tableOf(
        [
          utf8Column(
            "group",
            lines.map(({group}) => group.name)
          ),
          int32Column(
            "cells",
            Int32Array.from(lines, ({group}) => group.cells)
          ),
          utf8Column(
            "gene",
            lines.map(({gene}) => gene)
          ),
          float64Column(
            "difference",
            Float64Array.from(lines, ({difference}) => difference)
          ),
          float64Column(
            "share",
            Float64Array.from(lines, ({share}) => share)
          ),
          float64Column(
            "share_others",
            Float64Array.from(lines, ({shareOthers}) => shareOthers)
          )
        ],
        made
      )
    });
  }
  if (scores.length > 0) found.push({name: "scores", words: "trust scores", table: scoresTable(scores, made)});
  if (sentence !== null && sentence.sentence !== null) {
    const times = new Map<number, number>();
    for (const gene of sentence.sentence.draws) times.set(gene, (times.get(gene) ?? 0) + 1);
    const drawn = [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    found.push({
      name: "sentence",
      words: "the genes of one cell's sentence",
      table: tableOf(
        [
          utf8Column(
            "gene",
            drawn.map(([gene]) => sentence.symbols[gene])
          ),
          float64Column(
            "counts",
            Float64Array.from(drawn, ([gene]) => sentence.counts[gene])
          ),
          float64Column(
            "probability",
            Float64Array.from(drawn, ([gene]) => sentence.probabilities[gene])
          ),
          int32Column(
            "draws",
            Int32Array.from(drawn, ([, draws]) => draws)
          )
        ],
        made
      )
    });
  }
  const {names, matched, countsOfGene} = alignment;
  if (countsOfGene !== null) {
    const all = countsOfGene.reduce((sum, count) => sum + count, 0);
    const lost = [...names.keys()].filter((g) => matched[g] === 0 && countsOfGene[g] > 0);
    lost.sort((a, b) => countsOfGene[b] - countsOfGene[a]);
    found.push({
      name: "lost-genes",
      words: "genes that the model lacks",
      table: tableOf(
        [
          utf8Column(
            "gene",
            lost.map((g) => names[g])
          ),
          float64Column(
            "share",
            Float64Array.from(lost, (g) => countsOfGene[g] / all)
          )
        ],
        made
      )
    });
  }
  return found;
}

function scoresTable(scores: ReportData["scores"], made: Map<string, string>): Table {
  const lines = scores.flatMap(({labels, model, components}) =>
    (
      [
        ["model", model],
        ["principal components", components]
      ] as const
    ).map(([space, {labels: figures}]) => ({
      labels,
      space,
      ...figures
    }))
  );
  const numbers = (of: (line: (typeof lines)[number]) => number) => Float64Array.from(lines, of);
  return tableOf(
    [
      utf8Column(
        "column",
        lines.map(({labels}) => labels)
      ),
      utf8Column(
        "space",
        lines.map(({space}) => space)
      ),
      float64Column(
        "accuracy",
        numbers(({accuracy}) => accuracy)
      ),
      float64Column(
        "accuracy_error",
        numbers(({accuracyError}) => accuracyError)
      ),
      float64Column(
        "macro_recall",
        numbers(({macroRecall}) => macroRecall)
      ),
      float64Column(
        "macro_recall_error",
        numbers(({macroRecallError}) => macroRecallError)
      ),
      float64Column(
        "largest_group",
        numbers(({majority}) => majority)
      )
    ],
    made
  );
}
