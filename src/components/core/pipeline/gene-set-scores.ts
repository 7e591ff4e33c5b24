import type {Table} from "apache-arrow";
import type {AnnData} from "../anndata/anndata.js";
import type {MatrixInfo} from "../anndata/matrix-info.js";
import {streamRows} from "../anndata/stream-rows.js";
import {WorkbookError} from "../errors.js";
import type {NamedGeneSet} from "../genesets/parse-gmt.js";
import {scoreGeneSets} from "../genesets/score-gene-sets.js";
import {withAnswerFacts} from "../tables/answer-facts.js";
import {float64Column, int32Column, tableOf, utf8Column} from "../tables/columns.js";
import {provenanceMetadata, type Provenance} from "../tables/provenance.js";

/** What is known of scores beside the cells' own. */
export interface GeneSetFacts {
  /** Of each set how many of its genes the file has, and the names that it lacks. */
  sets: {name: string; genes: number; missing: string[]}[];
}

/**
 * Scores of sets of genes for all cells of a file, as a table (row, cell_id, set:NAME; NaN for cells with values that are no counts) with their facts (`answerFacts`). `genes` are the
 * names of the matrix's columns. Throws the WorkbookError "no-gene" for a set none of whose genes the file has, what the reader throws, and the signal's reason.
 */
export async function geneSetScores(
  anndata: AnnData,
  {matrix, genes}: {matrix: MatrixInfo; genes: readonly string[]},
  sets: readonly NamedGeneSet[],
  {software, source}: Pick<Provenance, "software" | "source">,
  {signal, onProgress}: {signal?: AbortSignal; onProgress?(done: number, total: number): void} = {}
): Promise<{table: Table; facts: GeneSetFacts}> {
  const columns = new Map<string, number>();
  genes.forEach((gene, column) => void (columns.has(gene) || columns.set(gene, column)));
  const found = sets.map(({name, genes: list}) => {
    const known = list.flatMap((gene) => columns.get(gene) ?? []);
    return {name, columns: Int32Array.from(known), missing: list.filter((gene) => !columns.has(gene))};
  });
  const empty = found.find((set) => set.columns.length === 0);
  if (empty !== undefined) throw noGenes(anndata.name, empty);
  const scores = found.map(() => new Float64Array(anndata.nObs).fill(NaN));
  for await (const block of streamRows(anndata, matrix, {signal, onProgress})) {
    const values = scoreGeneSets(block, found);
    block.rows.forEach((row, i) => scores.forEach((each, s) => (each[row] = values[i * found.length + s])));
  }
  const facts = {sets: found.map(({name, columns: known, missing}) => ({name, genes: known.length, missing}))};
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
  return {table: withAnswerFacts(table, facts), facts};
}

function noGenes(file: string, {name, missing}: {name: string; missing: string[]}): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "no-gene",
    fault: `${file} has none of the genes of ${name} (${missing.slice(0, 5).join(", ")})`,
    remedy: "write them as the file does; capitals and small letters differ"
  });
}
