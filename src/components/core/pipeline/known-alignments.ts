import type {AnnData} from "../anndata/anndata.js";
import type {LoadParameters, PreparedCells} from "./prepare-cells.js";

const known = new WeakMap<AnnData, Map<string, PreparedCells>>();

/** Remembers how a file's genes met those of a model (its hash), for questions about a file that a run has looked at. */
export function keepAlignment(model: string, parameters: LoadParameters, prepared: PreparedCells): void {
  const answers = known.get(prepared.anndata) ?? new Map<string, PreparedCells>();
  known.set(prepared.anndata, answers);
  answers.set(keyOf(model, parameters), prepared);
}

/** What was remembered last of a file, model and choice of matrix and names; its rows are those of whoever prepared it. */
export function knownAlignment(
  anndata: AnnData,
  model: string,
  parameters: LoadParameters
): Omit<PreparedCells, "rows" | "files"> | undefined {
  return known.get(anndata)?.get(keyOf(model, parameters));
}

function keyOf(model: string, {matrix, species, geneColumn, repair, filter}: LoadParameters): string {
  return JSON.stringify([model, matrix, species, geneColumn, repair, filter]);
}
