import {methodsText} from "../../core/report/methods-text.js";
import {defaultMinDist} from "../../core/space/default-min-dist.js";
import {formatCount} from "../../views/format.js";
import type {ReportData} from "./report-data.js";

/** The methods paragraph of a report's first map. */
export function mapMethods({provenance, maps}: ReportData): string {
  const cells = maps[0].places.length;
  return methodsText(provenance, cells, Number(provenance.parameters["minDist"] ?? defaultMinDist(cells)));
}

/** How the genes of a group were tested, and what that does not say. */
export const markerTest =
  "Each gene was tested against all other cells (rank sums, two-sided); ° marks a false discovery rate of 0.05 or more. Groups that were made from the same counts differ by their making, so the test does not confirm them.";

/** What a report publishes of a file, item by item, in words. */
export function publishedItems({columns, genes, cells, cellIds, file, groups}: ReportData): string[] {
  return [
    `For each of ${formatCount(cells.rows.length, "cell")}: its row in the file, whether it could be used, and its place on the maps.`,
    columns.length === 0
      ? "No column of obs."
      : `Of obs, these columns and no other: ${columns.map(({name}) => name).join(", ")}.`,
    genes.length === 0
      ? "Expression of no single gene by cell, but for one cell's sentence."
      : `By the colors of maps, expression of ${genes.map(({gene}) => gene).join(", ")}; and one cell's sentence.`,
    ...(groups === null
      ? []
      : [`For each group of ${groups.column}, its leading genes and the share of cells that express them.`]),
    cellIds === null ? "No name of a cell." : "The names of all cells.",
    `The file's name, size and hash (${file}).`
  ];
}

/** What a reader has to know before the map, if anything: that its model is random, or knows these cells. */
export function trainedNote({model, trained}: ReportData): string[] {
  return [
    ...(model.untrained
      ? ["The weights of this model are random. Its map shows counts, and nothing that was learned."]
      : []),
    ...(trained === null ? [] : [`${trained.charAt(0).toUpperCase()}${trained.slice(1).replace(/\.$/, "")}.`])
  ];
}
