import type {ViewState} from "./view-state.js";

/** First stage (by number) whose result a field of the view changes; fields that only choose what is looked at have none. */
export const firstStage: Partial<Record<keyof ViewState, number>> = {
  data: 0,
  matrix: 0,
  geneColumn: 0,
  repair: 0,
  cells: 0,
  minCounts: 0,
  minGenes: 0,
  maxMito: 0,
  sampling: 2,
  seeds: 2,
  average: 3,
  backend: 3,
  neighbors: 4,
  minDist: 4,
  seed: 4,
  epochs: 4
};

/** True if one of these fields of a view changes what is computed of the open file, not only what of it is looked at. */
export function changesResults(keys: ReadonlySet<keyof ViewState>): boolean {
  return [...keys].some((key) => key !== "data" && firstStage[key] !== undefined);
}

/** What a view computes, without what is only looked at: equal texts for views with equal results. */
export function runOf(view: ViewState): string {
  return JSON.stringify((Object.keys(firstStage) as (keyof ViewState)[]).map((key) => view[key]));
}
