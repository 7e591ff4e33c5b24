import {WorkbookError} from "../errors.js";
import {NumpyGenerator} from "./numpy-rng.js";

/** Which cells to use: all, `n` at random, or `n` spread over the groups of an obs column. */
export type CellSelection =
  | {mode: "all"}
  | {mode: "random"; n: number; seed: number}
  | {mode: "stratified"; n: number; seed: number; column: string};

/**
 * The rows of a selection among `nCells`, ascending; null for all. "random" is a simple random sample without replacement;
 * "stratified" gives every group (`groups`: a number a cell, -1 for none, which is a group too) the same number of cells as
 * far as it has them and shares the rest among the larger groups. Deterministic in the seed. Throws a WorkbookError of
 * domain "cells" for a number below 1, or if "stratified" comes without groups.
 */
export function selectRows(selection: CellSelection, nCells: number, groups?: ArrayLike<number>): Int32Array | null {
  if (selection.mode === "all") return null;
  const {n, seed} = selection;
  if (!Number.isInteger(n) || n < 1)
    throw fault("bad-number", `${n} cells cannot be chosen`, "choose at least one cell");
  if (n >= nCells) return null;
  const random = new NumpyGenerator(seed);
  const order = Int32Array.from({length: nCells}, (_, row) => row);
  random.shuffle(order);
  if (selection.mode === "random") return order.subarray(0, n).slice().sort();
  if (groups === undefined || groups.length !== nCells) {
    throw fault(
      "no-groups",
      `column ${selection.column} has ${groups?.length ?? 0} values for ${nCells} cells`,
      "choose another column"
    );
  }
  return stratified(order, groups, n);
}

function stratified(order: Int32Array, groups: ArrayLike<number>, n: number): Int32Array {
  const members = new Map<number, number[]>();
  for (const row of order) {
    const group = groups[row];
    const list = members.get(group);
    if (list === undefined) members.set(group, [row]);
    else list.push(row);
  }
  const lists = [...members].sort(([a], [b]) => a - b).map(([, list]) => list);
  const chosen: number[] = [];
  for (let round = 0; chosen.length < n; ++round) {
    for (const list of lists) {
      if (round < list.length && chosen.length < n) chosen.push(list[round]);
    }
  }
  return Int32Array.from(chosen).sort();
}

function fault(code: string, what: string, remedy: string): WorkbookError {
  return new WorkbookError({domain: "cells", code, fault: what, remedy});
}
