import type {AnnData} from "../anndata/anndata.js";
import {WorkbookError} from "../errors.js";
import type {LayoutEngine, LayoutParameters} from "../space/layout.js";
import {nearestNeighbors, type NeighborSearch} from "../vectors/neighbors.js";
import {umapLayout} from "../space/umap-layout.js";
import type {WorkOptions} from "../vectors/work.js";
import {cellComponents, type CellComponents} from "./cell-components.js";

/** The map that principal components give of the same cells. */
export interface ComponentMap {
  rows: Int32Array;
  /** x and y by turns, in the order of `rows`. */
  positions: Float32Array;
}

/** Cells beyond this would take more memory and time than a comparison is worth. */
export const mostMappedByComponents = 20_000;

/** Cells up to which components are sought as exactly as for scores, which then share them. */
const mostScored = 5000;

/** Residual of a component beyond: far below what a map can show, in two thirds of the time: of 3,874 cells, 0.06 % of the neighbors differ. */
const mapTolerance = 1e-6;

/** How the work is shared out over the progress: reading, components, neighbors, layout. */
const shares = [0.25, 0.5, 0.65, 1];

/**
 * UMAP of 30 principal components of log1p(counts per 10,000) of `rows` (ascending): cosine neighbors, the same engine and
 * parameters as the model's map, so that the two differ in their vectors alone. Throws the WorkbookError "too-many-cells"
 * beyond 20,000 cells, what `cellComponents` and `umapLayout` throw, and the signal's reason.
 */
export async function componentMap(
  anndata: AnnData,
  matrix: string,
  rows: Int32Array,
  engine: LayoutEngine,
  {neighbors, minDist, seed, epochs}: Pick<LayoutParameters, "neighbors" | "minDist" | "seed" | "epochs">,
  options: WorkOptions = {},
  find: CellComponents = cellComponents,
  search: NeighborSearch = nearestNeighbors
): Promise<ComponentMap> {
  if (rows.length > mostMappedByComponents) throw tooMany(rows.length);
  const {signal, onProgress = () => {}} = options;
  const part = (k: number) => (share: number) => {
    const from = shares[k - 1] ?? 0;
    onProgress(from + (Number.isFinite(share) ? share : 0) * (shares[k] - from));
  };
  // Reading reports shares, the search for components NaN: the same callback serves both.
  const onScores = (share: number) => part(Number.isFinite(share) ? 0 : 1)(share);
  const tolerance = rows.length > mostScored ? mapTolerance : undefined;
  const {scores, components} = await find(anndata, matrix, rows, {...options, tolerance, onProgress: onScores});
  if (components === 0) return {rows, positions: new Float32Array(2 * rows.length)};
  const k = Math.max(1, Math.min(neighbors - 1, rows.length - 1));
  const known = rows.length < 2 ? undefined : await search(scores, components, k, {...options, onProgress: part(2)});
  let positions: Float32Array = new Float32Array(2 * rows.length);
  for await (const frame of umapLayout(scores, components, engine, {neighbors, minDist, seed, epochs, known, signal})) {
    positions = frame.positions;
    part(3)(frame.epochs === 0 ? 1 : frame.epoch / frame.epochs);
  }
  return {rows, positions};
}

function tooMany(cells: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "too-many-cells",
    fault: `a map of the principal components of ${cells.toLocaleString("en-US")} cells needs more memory than a page should take`,
    remedy: `choose ${mostMappedByComponents.toLocaleString("en-US")} cells or fewer to compare the two maps`
  });
}
