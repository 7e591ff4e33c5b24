import type {AnnData} from "../anndata/anndata.js";
import type {AliasTable} from "../cells/alias-table.js";
import type {SpeciesLists} from "../cells/species-lists.js";
import type {TrainingSet} from "../cells/seen-cells.js";
import {inspectAnnData, type Inspection} from "../anndata/inspect.js";
import {obsColumns} from "../pipeline/obs-columns.js";
import type {ObsColumn} from "../tables/cells.js";
import type {ModelGene} from "../types.js";
import {fileMaps, type FileMap} from "./file-maps.js";

/** What is known of a file once it is open, before anything is computed of it. */
export interface FileFacts {
  name: string;
  bytes: number;
  /** What `fileIdentity` says of it: the same in Node and browser, whatever the file is called. */
  identity: string;
  inspection: Inspection;
  /** Of several files that are read as one: their names, and the column of obs that says which one a cell is of. */
  joined?: {files: string[]; column: string};
  /** Name of each cell, in the file's order. */
  cellIds: string[];
  /** obs columns of all cells; damaged ones are left out. */
  obs: ObsColumn[];
  /** Maps that the file brings, best first: those with two columns or more, by their first two. */
  maps: FileMap[];
}

/** What of a file decides how it is inspected: see `inspectAnnData`. */
export interface InspectChoice {
  matrix?: string | null;
  geneColumn?: string | null;
  /** The model's species that names are read as; recognized unless told. */
  species?: string | null;
  /** Repairs of gene names, as in `PipelineParameters`. */
  repair?: readonly string[];
}

/** What gene names, and the cells, are compared with. */
export interface KnownGenes {
  genes: readonly ModelGene[];
  /** The model's species, and the one that the genes are of. */
  model: SpeciesLists;
  /** Data sets that the model was trained on (none). */
  trainedOn?: readonly TrainingSet[];
  /** The table of previous and alias symbols, loaded when names ask for it. */
  aliases?: () => Promise<AliasTable>;
}

/** What is known of an open file: `inspection`, and its names, obs columns and maps, which are read. Throws the reader's WorkbookErrors. */
export function fileFacts(
  anndata: AnnData,
  {identity, bytes}: {identity: string; bytes: number},
  inspection: Inspection
): FileFacts {
  const rows = Int32Array.from({length: anndata.nObs}, (_, row) => row);
  const {files, fileColumn} = anndata;
  return {
    name: anndata.name,
    bytes,
    identity,
    ...(files && {joined: {files: files.map(({label}) => label), column: fileColumn!}}),
    inspection,
    cellIds: anndata.obsNames(),
    obs: obsColumns(anndata, rows).columns,
    maps: fileMaps(anndata)
  };
}

/** The inspection of a file under a choice of matrix and gene names. Throws the reader's WorkbookErrors. */
export function inspect(
  anndata: AnnData,
  {genes, model, trainedOn, aliases}: KnownGenes,
  {matrix, geneColumn, species, repair}: InspectChoice
): Promise<Inspection> {
  const symbols = new Set(genes.map(({symbol}) => symbol));
  return inspectAnnData(anndata, {
    genes: symbols,
    model,
    asked: species != null,
    matrix: matrix ?? undefined,
    geneColumn: geneColumn ?? undefined,
    repair,
    aliases,
    trainedOn
  });
}
