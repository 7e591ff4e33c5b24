import {measureFiltering, type MeasuredFiltering} from "../../core/pipeline/measure-filtering.js";
import {modelForFile} from "../../core/pipeline/model-for-file.js";
import {parseRepairs} from "../../core/repair-kinds.js";
import type {Sampling, SeedRule} from "../../core/types.js";
import {filterWords} from "../../views/filter-words.js";
import {nodeAliases} from "../node-aliases.js";
import {openBackend} from "../node-backend.js";
import {openNodeModel} from "../node-model.js";
import {integerOption, type Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {withCellsFile} from "./counts-file.js";

/** `filtering FILE`: how far vectors move if only the most variable genes are kept before embedding, beside another seed. */
export async function runFiltering({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {signal, progress} = context;
  const request = {
    cells: integerOption(options, "cells", 60, 3, 200),
    seeds: integerOption(options, "draws", 2, 2, 8),
    genes: integerOption(options, "keep", 2000, 1, 1_000_000),
    choice: 0,
    labels: options["labels"] ?? null
  };
  await withCellsFile(argument, signal, async ({anndata}) => {
    const choice = {species: options["species"], geneColumn: options["gene-column"]};
    const model = await modelForFile(await openNodeModel(options["model"], signal), anndata, choice, signal);
    const encoder = await openBackend(model, {signal});
    try {
      const found = await measureFiltering(
        {
          anndata,
          model,
          aliases: nodeAliases,
          load: {
            matrix: options["matrix"] ?? null,
            geneColumn: choice.geneColumn ?? null,
            species: choice.species ?? null,
            repair: parseRepairs(options["repair-genes"] ?? "certain")
          },
          rows: Int32Array.from({length: anndata.nObs}, (_, row) => row),
          sampling: (options["sampling"] as Sampling | undefined) ?? "reference",
          seeds: (options["seeds"] as SeedRule | undefined) ?? "row"
        },
        encoder,
        request,
        {signal, onProgress: (done, total) => progress.update("embed sentences", done, total)}
      );
      context.print(options["json"] ? JSON.stringify(facts(anndata.name, found)) : filteringText(anndata.name, found));
    } finally {
      await encoder.close();
    }
  });
}

/** What the page shows, without histograms. */
function facts(file: string, {all, some, between, ...found}: MeasuredFiltering): object {
  const apart = ({relativeError, overlap, overlapError, sameCell}: MeasuredFiltering["all"]) => ({
    relativeError,
    overlap,
    overlapError,
    cosines: sameCell.quantiles
  });
  const {rows, chosenOn, genes, agreement, labels, seeds, k, chanceOverlap} = found;
  return {
    file,
    cells: [...rows],
    seeds,
    chosenOn,
    genes,
    labels,
    all: apart(all),
    some: apart(some),
    between: apart(between),
    k,
    chanceOverlap,
    agreement
  };
}

function filteringText(file: string, found: MeasuredFiltering): string {
  const {all, some, between, genes, rows, k, chosenOn} = found;
  const line = (name: string, {relativeError, sameCell, overlap, overlapError}: MeasuredFiltering["all"]) =>
    `  ${name.padEnd(28)} e ${relativeError.toFixed(3)}, median cosine ${sameCell.quantiles[2].toFixed(3)}, ${k}-NN overlap ${overlap.toFixed(3)} ± ${overlapError.toFixed(3)}`;
  return [
    `${file}: ${rows.length} cells; ${genes.kept} of ${genes.all} genes kept, which vary most among ${chosenOn} cells (the model knows ${genes.keptKnown} of ${genes.allKnown})`,
    line("both of all genes", all),
    line(`both of ${genes.kept} genes`, some),
    line(`one of all, one of ${genes.kept}`, between),
    `  ${filterWords(found)}`
  ].join("\n");
}
