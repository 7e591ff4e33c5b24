import type {TrustFilter} from "../core/questions/trust-filter.js";
import {cosineStrips, type CosineStrip} from "./cosine-strips.js";
import {h} from "./dom.js";
import {formatCount, formatInteger, formatScore, formatShare} from "./format.js";
import {filterWords} from "./filter-words.js";
import {tableFigure} from "./table-figure.js";
import {widened} from "./widened.js";

/** How far vectors move where only the most variable genes were kept, beside another seed: distributions, numbers, and what follows. */
export function filterFigures(answer: TrustFilter): HTMLElement[] {
  const {all, some, between, withinType, labels, genes} = answer;
  const from = Math.min(all.from, some.from, between.from);
  const strip = (name: string, color: number, of: TrustFilter["withinType"], start: number): CosineStrip => ({
    ...of,
    name,
    color,
    histogram: widened(of.histogram, start, from)
  });
  const kept = formatInteger(genes.kept);
  return [
    h("p", {class: "wb-trust-reading"}, filterWords(answer)),
    cosineStrips({
      from,
      groups: [
        {
          name: "The same cell, two sentences under different seeds",
          strips: [
            strip("both of all genes", 1, all.sameCell, all.from),
            strip(`both of ${kept} genes`, 2, some.sameCell, some.from),
            strip(`one of all, one of ${kept}`, 3, between.sameCell, between.from),
            ...(withinType.count > 0 ? [strip(`another cell of its ${labels}`, 4, withinType, all.from)] : [])
          ]
        }
      ]
    }),
    filterTable(answer)
  ];
}

function filterTable({
  all,
  some,
  between,
  agreement,
  k,
  chanceOverlap,
  cells,
  genes,
  chosenOn
}: TrustFilter): HTMLElement {
  const percent = {decimals: 1, scale: 100, unit: " %"};
  const kept = formatInteger(genes.kept);
  const number = (text: string) => h("td", {class: "wb-number"}, text);
  const row = (name: string, of: TrustFilter["all"], accuracy: string | null) =>
    h(
      "tr",
      {},
      h("th", {scope: "row"}, name),
      number(of.relativeError.toFixed(2)),
      number(of.sameCell.quantiles[2].toFixed(2)),
      number(formatScore(of.overlap, of.overlapError, percent)),
      agreement === null ? null : number(accuracy ?? "")
    );
  const share = (of: {accuracy: number; accuracyError: number}) => formatScore(of.accuracy, of.accuracyError);
  const head = [
    "two sentences",
    "error e",
    "median cosine",
    `${k}-NN overlap`,
    ...(agreement === null ? [] : ["5-NN accuracy"])
  ];
  return tableFigure({
    title: "What filtering moves, and what the seed moves",
    head,
    body: [
      row("both of all genes", all, agreement && share(agreement.all)),
      row(`both of ${kept} genes`, some, agreement && share(agreement.some)),
      row(`one of all, one of ${kept}`, between, null)
    ],
    note: `Of ${formatInteger(genes.all)} genes ${kept} were kept, of which the model knows ${formatInteger(genes.keptKnown)} (of all: ${formatInteger(genes.allKnown)}); they vary most among ${formatCount(chosenOn, "cell")}. Variable: by scanpy's normalized dispersion (flavor seurat); genes level with the last one are kept, too. Error e: how far a cell moves, over how far cells lie from their middle. Overlap: share of a cell's ${k} nearest among these ${cells} cells that stay; chance gives ${formatShare(chanceOverlap)}. ${agreement === null ? "" : "Accuracy: the 5 nearest of the same kind of vectors vote, means over seeds."}`
  });
}
