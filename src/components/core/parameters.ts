import {certainRepairs} from "./repair-kinds.js";
import type {Sampling, SeedRule} from "./types.js";

/** Parameters of a run, all serializable: with the file and the model they determine the result. */
export interface PipelineParameters {
  /** "X", "raw/X", "layers/NAME" or "recovered:ln:X"; null lets the reader choose the first that holds counts. */
  matrix: string | null;
  /** The model's species that the file's genes are read as; null for the one that they are recognized as. */
  species: string | null;
  /** var column with gene symbols; null follows docs/reading.md, "Gene names". */
  geneColumn: string | null;
  /** Repairs of gene names that are taken, in the canonical order of `parseRepairs`; empty takes names as they are. */
  repair: readonly string[];
  /** "public": genes and cells that the public script of the original UCE drops are left out (`publicFilter`); absent: none are. */
  filter?: "public";
  sampling: Sampling;
  /** Where sampling seeds come from: "row" is the reference's rule. */
  seeds: SeedRule;
  /** Samplings averaged per cell, 1 or more. */
  average: number;
  /** Neighbors of each cell in UMAP. */
  neighbors: number;
  /** Minimum distance of cells on the map; null chooses by the number of cells. */
  minDist: number | null;
  /** Seed of the UMAP layout. */
  seed: number;
  /** UMAP epochs; null chooses by the number of cells. */
  epochs: number | null;
}

/** The reference's choices where it has one, umap-learn's otherwise. */
export const defaultParameters: PipelineParameters = {
  matrix: null,
  species: null,
  geneColumn: null,
  repair: certainRepairs,
  sampling: "reference",
  seeds: "row",
  average: 1,
  neighbors: 15,
  minDist: null,
  seed: 42,
  epochs: null
};
