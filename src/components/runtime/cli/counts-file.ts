import type {AnnData} from "../../core/anndata/anndata.js";
import {chooseMatrix} from "../../core/anndata/choose-matrix.js";
import type {MatrixInfo} from "../../core/anndata/matrix-info.js";
import {namedGenes} from "../../core/anndata/named-genes.js";
import {throwNoCounts} from "../../core/anndata/throw-no-counts.js";
import {namesKnown} from "../../core/cells/names-known.js";
import {modelForFile} from "../../core/pipeline/model-for-file.js";
import {parseRepairs} from "../../core/repair-kinds.js";
import type {SourceProvenance} from "../../core/tables/provenance.js";
import {nodeAliases} from "../node-aliases.js";
import {openNodeModel} from "../node-model.js";
import {openCells} from "../open-cells.js";

/** A file of cells that is open, and what made it known. */
export interface CellsFile {
  anndata: AnnData;
  source: SourceProvenance;
}

/** Its counts, as a run would choose them, and the names of their genes. */
export interface Counts {
  matrix: MatrixInfo;
  genes: string[];
}

/**
 * Opens the file at `place`, or several as one (`openCells`), for `use` and closes them afterwards. Throws what opening throws, and the WorkbookError "changed" (domain "file") if the
 * file was written to meanwhile.
 */
export async function withCellsFile<Result>(
  place: string | readonly string[],
  signal: AbortSignal,
  use: (file: CellsFile) => Promise<Result>
): Promise<Result> {
  const data = await openCells(place, {signal});
  try {
    const {anndata, bytes, source} = data;
    const result = await use({anndata, source: {name: anndata.name, bytes, identity: source.identity}});
    await source.requireUnchanged();
    return result;
  } finally {
    await data.close();
  }
}

/**
 * The matrix of counts that the options ask for or that holds counts, and its gene names, repaired as the options say. The model is asked for the symbols that
 * it knows alone: a file of another species is no fault here. Throws a WorkbookError if there are no counts, and what finding names throws.
 */
export async function countsOf(
  anndata: AnnData,
  options: Record<string, string>,
  signal: AbortSignal
): Promise<Counts> {
  const {matrix, "gene-column": geneColumn, species} = options;
  const model = await modelForFile(
    await openNodeModel(options["model"], signal),
    anndata,
    {species, geneColumn},
    signal
  );
  const {chosen, ...choice} = await chooseMatrix(anndata, {matrix, geneColumn, genes: namesKnown(model), signal});
  if (chosen === null) throwNoCounts(anndata, {chosen, ...choice});
  const {names} = await namedGenes(anndata, chosen, {
    known: new Set(model.genes.map(({symbol}) => symbol)),
    column: geneColumn,
    repair: parseRepairs(options["repair-genes"] ?? "certain"),
    aliases: nodeAliases,
    model
  });
  return {matrix: chosen, genes: names};
}
