import type {AnnData} from "../anndata/anndata.js";
import type {Inspection} from "../anndata/inspect.js";
import {certainRepairs} from "../repair-kinds.js";
import type {LoadParameters} from "./prepare-cells.js";

/** What of a choice decides whether a file is refused. */
type Choice = Pick<LoadParameters, "species" | "repair"> & {matrix?: string | null; geneColumn?: string | null};

const known = new WeakMap<AnnData, Set<string>>();

/** Remembers that an open file was inspected, held against a model (its hash), and is of use as it was read. */
export function keepInspected(model: string, anndata: AnnData, choice: Choice, {matrix, problems}: Inspection): void {
  if (matrix.name === null || problems.some(({severity}) => severity === "error")) return;
  const seen = known.get(anndata) ?? new Set<string>();
  known.set(anndata, seen.add(keyOf(model, {...choice, matrix: matrix.name})));
}

/**
 * True if it is known that `prepareCells` does not refuse a file under these parameters, so that nobody has to look at its values again to find out. False where
 * a filter, several files or counts that are recovered are to be looked at.
 */
export function isInspected(model: string, anndata: AnnData, parameters: LoadParameters): boolean {
  const {matrix, filter} = parameters;
  const isPlain = anndata.matrices.some(({name, fault}) => name === matrix && fault === null);
  if (!isPlain || filter !== undefined || anndata.files !== undefined) return false;
  return known.get(anndata)?.has(keyOf(model, parameters)) ?? false;
}

function keyOf(model: string, {matrix, geneColumn = null, species = null, repair = certainRepairs}: Choice): string {
  return JSON.stringify([model, matrix, geneColumn, species, repair]);
}
