import {streamRows} from "../../core/anndata/stream-rows.js";
import {WorkbookError} from "../../core/errors.js";
import {scoreGeneSets} from "../../core/genesets/score-gene-sets.js";
import {float64Column, int32Column, tableOf, utf8Column} from "../../core/tables/columns.js";
import {provenanceMetadata} from "../../core/tables/provenance.js";
import {software} from "../software.js";
import type {Invocation} from "./arguments.js";
import type {CommandContext} from "./context.js";
import {countsOf, withCellsFile} from "./counts-file.js";
import {geneSetsAsked} from "./gene-sets-asked.js";
import {requireWritable, writeTable} from "./outputs.js";

/** `genesets FILE --genes LIST | --sets FILE.gmt --out TABLE`: a score a cell and set of genes, rank-based. */
export async function runGenesets({argument, options}: Invocation, context: CommandContext): Promise<void> {
  const {out} = options;
  await requireWritable(options, argument, context);
  const sets = await geneSetsAsked(options, "together");
  await withCellsFile(argument, context.signal, async ({anndata, source}) => {
    const {matrix, genes} = await countsOf(anndata, options, context.signal);
    const columns = new Map<string, number>();
    genes.forEach((gene, column) => void (columns.has(gene) || columns.set(gene, column)));
    const found = sets.map(({name, genes: list}) => {
      const known = list.flatMap((gene) => columns.get(gene) ?? []);
      return {name, columns: Int32Array.from(known), missing: list.filter((gene) => !columns.has(gene))};
    });
    const empty = found.find((set) => set.columns.length === 0);
    if (empty !== undefined) throw noGenes(anndata.name, empty);
    const scores = found.map(() => new Float64Array(anndata.nObs).fill(NaN));
    const onProgress = (done: number, total: number) => context.progress.update("score cells", done, total);
    for await (const block of streamRows(anndata, matrix, {signal: context.signal, onProgress})) {
      const values = scoreGeneSets(block, found);
      block.rows.forEach((row, i) => scores.forEach((each, s) => (each[row] = values[i * found.length + s])));
    }
    const table = tableOf(
      [
        int32Column("row", Int32Array.from(scores[0].keys())),
        utf8Column("cell_id", anndata.obsNames()),
        ...found.map(({name}, s) => float64Column(`set:${name}`, scores[s]))
      ],
      provenanceMetadata({
        format: 1,
        stage: "genesets",
        software,
        source,
        matrix: matrix.name,
        parameters: {method: "UCell ranks, 1500", sets: sets.map(({name, genes: list}) => ({name, genes: list}))}
      })
    );
    await writeTable(out, table, context);
    const facts = found.map(({name, columns: known, missing}) => ({name, genes: known.length, missing}));
    if (options["json"])
      return context.print(JSON.stringify({file: anndata.name, out, matrix: matrix.name, sets: facts}));
    context.print(
      `${out}: ${anndata.nObs} cells, ${sets.length === 1 ? "1 set" : `${sets.length} sets`} of ${matrix.name}`
    );
    for (const {name, genes: known, missing} of facts.slice(0, 20)) {
      const lacking = missing.length === 0 ? "" : `; not in the file: ${missing.slice(0, 10).join(", ")}`;
      context.print(`  ${name}: ${known} genes${lacking}`);
    }
  });
}

function noGenes(file: string, {name, missing}: {name: string; missing: string[]}): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "no-gene",
    fault: `${file} has none of the genes of ${name} (${missing.slice(0, 5).join(", ")})`,
    remedy: "write them as the file does; capitals and small letters differ"
  });
}
