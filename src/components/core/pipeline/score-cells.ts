import type {AnnData} from "../anndata/anndata.js";
import {selectRows} from "../cells/select-rows.js";
import type {CommunityFinder} from "../clusters/communities.js";
import {WorkbookError} from "../errors.js";
import {integrationScores, type IntegrationScores} from "../integration/integration-scores.js";
import {perfectSpace} from "../integration/perfect-space.js";
import {groupsIn} from "../statistics/groups-in.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {WorkOptions} from "../vectors/work.js";
import {cellComponents, type CellComponents} from "./cell-components.js";

/** Embedded cells of a file, with what is known of all its cells. */
export interface CellsToScore {
  anndata: AnnData;
  /** Name of the matrix that components are of. */
  matrix: string;
  /** Row in the file of each vector, in any order; below 0 for a cell that the file lacks. */
  rows: Int32Array;
  /** Row-major, `width` wide. */
  vectors: Float32Array;
  width: number;
  /** Label and batch of each row of the file, -1 for none; null: no batches are asked for. */
  labels: Int32Array;
  batches: Int32Array | null;
}

/** The spaces in which the same cells are scored: the model's vectors, 30 principal components, and the labels themselves. */
export type ScoredSpace = "embeddings" | "components" | "labels";

/** scIB's metrics of the same cells in three spaces. */
export interface ScoredCellSpaces {
  cells: number;
  /** Cells with a vector that were left out: without label or batch, or beyond the sample. */
  leftOut: number;
  /** Of those, how many were left out because `most` are scored. */
  beyondSample: number;
  /** Labels and batches that have cells; null: no batches were asked for. */
  labels: number;
  batches: number | null;
  spaces: Record<ScoredSpace, IntegrationScores>;
  /** Share of the batches' variance in the components that the embeddings lack: scIB's PCR, 0 to 1; null without batches. */
  pcr: number | null;
}

/** How cells are scored. */
export interface ScoreCellsOptions extends WorkOptions {
  /** Most cells, chosen at random (seed 0) where there are more. */
  most: number;
  finder: CommunityFinder;
  /** Where components come from (`cellComponents`). */
  components?: CellComponents;
}

const fewest = 20;

/**
 * scIB's metrics (`integrationScores`) of embedded cells that have a label (and a batch, where batches are asked for), beside those of 30 principal components of the same counts (no
 * integration) and of the labels themselves (what is reached at best). `onProgress` has the share done. Throws the WorkbookError "too-few-cells" (domain "space") for fewer than 20 such cells or
 * fewer than 2 labels, or 2 batches, among them, what the reader throws, and the signal's reason.
 */
export async function scoreCells(given: CellsToScore, options: ScoreCellsOptions): Promise<ScoredCellSpaces> {
  const {finder, signal, components: find = cellComponents} = options;
  const {anndata, matrix, vectors, width, batches: batchOfRow} = given;
  const {usable, taken} = chooseCells(given, options.most);
  const rows = Int32Array.from(taken, (place) => given.rows[place]);
  const labels = fromZero(rows, given.labels);
  const batches = batchOfRow === null ? undefined : fromZero(rows, batchOfRow);
  requireGroups(anndata.name, rows.length, labels, batches);
  // Reading the counts is a share of its own; the three spaces share the rest.
  const tell = (share: number) => options.onProgress?.(share);
  const components = await find(anndata, matrix, rows, {
    signal,
    onProgress: (share) => tell(Number.isNaN(share) ? 0.1 : 0.1 * share)
  });
  const spaces: Record<ScoredSpace, {vectors: Float32Array; width: number}> = {
    embeddings: {vectors: pickVectors(vectors, width, taken), width},
    components: {vectors: components.scores, width: components.components},
    labels: perfectSpace(labels)
  };
  const found = {} as Record<ScoredSpace, IntegrationScores>;
  for (const [i, key] of (["embeddings", "components", "labels"] as const).entries()) {
    const onProgress = (share: number) => tell(0.1 + 0.3 * (i + share));
    found[key] = (await integrationScores({...spaces[key], labels, batches}, finder, {signal, onProgress})).scores;
  }
  const [after, before] = [found.embeddings.batchVariance, found.components.batchVariance];
  return {
    cells: rows.length,
    leftOut: given.rows.length - rows.length,
    beyondSample: usable - rows.length,
    labels: groupsIn(labels),
    batches: batches === undefined ? null : groupsIn(batches),
    spaces: found,
    pcr: after === null || before === null ? null : Math.max(0, Math.min(1, (before - after) / before))
  };
}

/** Places of the cells to score among the vectors, by ascending row, and how many there are to choose from. */
function chooseCells({rows, labels, batches}: CellsToScore, most: number): {usable: number; taken: number[]} {
  const usable = [...rows.keys()]
    .filter((i) => rows[i] >= 0 && labels[rows[i]] >= 0 && (batches === null || batches[rows[i]] >= 0))
    .sort((a, b) => rows[a] - rows[b]);
  const chosen = usable.length === 0 ? null : selectRows({mode: "random", n: most, seed: 0}, usable.length);
  return {usable: usable.length, taken: chosen === null ? usable : Array.from(chosen, (i) => usable[i])};
}

/** Codes of these rows, numbered anew so that every one has cells. */
function fromZero(rows: Int32Array, codes: Int32Array): Int32Array {
  const present = [...new Set(rows.map((row) => codes[row]))].sort((a, b) => a - b);
  const place = new Map(present.map((code, i) => [code, i]));
  return rows.map((row) => place.get(codes[row])!);
}

function requireGroups(file: string, cells: number, labels: Int32Array, batches: Int32Array | undefined): void {
  const what =
    cells < fewest
      ? `only ${cells} embedded cells have a label${batches === undefined ? "" : " and a batch"}`
      : groupsIn(labels) < 2
        ? `the ${cells} embedded cells all have one label`
        : batches !== undefined && groupsIn(batches) < 2
          ? `the ${cells} embedded cells are all of one batch`
          : null;
  if (what === null) return;
  throw new WorkbookError({
    domain: "space",
    code: "too-few-cells",
    fault: `${what} in ${file}`,
    remedy: `choose columns that say more, or embed more cells: ${fewest} cells of 2 labels${batches === undefined ? "" : " and 2 batches"} are needed`
  });
}
