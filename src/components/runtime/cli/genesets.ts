import {geneSetScores} from "../../core/pipeline/gene-set-scores.js";
import {software} from "../software.js";
import type {Invocation} from "./arguments.js";
import {cellsPlaces} from "./cells-places.js";
import type {CommandContext} from "./context.js";
import {countsOf, withCellsFile} from "./counts-file.js";
import {geneSetsAsked} from "./gene-sets-asked.js";
import {requireWritable, writeTable} from "./outputs.js";

/** `genesets FILE --genes LIST | --sets FILE.gmt --out TABLE`: a score a cell and set of genes, rank-based. */
export async function runGenesets(invocation: Invocation, context: CommandContext): Promise<void> {
  const {files, options} = invocation;
  const {out} = options;
  const place = cellsPlaces(invocation);
  for (const file of files) await requireWritable(options, file, context);
  const sets = await geneSetsAsked(options, "together");
  await withCellsFile(place, context.signal, async ({anndata, source}) => {
    const {matrix, genes} = await countsOf(anndata, options, context.signal);
    const onProgress = (done: number, total: number) => context.progress.update("score cells", done, total);
    const work = {signal: context.signal, onProgress};
    const {table, facts} = await geneSetScores(anndata, {matrix, genes}, sets, {software, source}, work);
    await writeTable(out, table, context);
    if (options["json"]) return context.print(JSON.stringify({file: anndata.name, out, matrix: matrix.name, ...facts}));
    context.print(
      `${out}: ${anndata.nObs} cells, ${sets.length === 1 ? "1 set" : `${sets.length} sets`} of ${matrix.name}`
    );
    for (const {name, genes: known, missing} of facts.sets.slice(0, 20)) {
      const lacking = missing.length === 0 ? "" : `; not in the file: ${missing.slice(0, 10).join(", ")}`;
      context.print(`  ${name}: ${known} genes${lacking}`);
    }
  });
}
