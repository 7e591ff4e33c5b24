import {certainRepairs, repairKinds, type RepairKind} from "../repair-kinds.js";
import type {RepairedNames} from "./repair-names.js";

/** Names of one kind that would match if they were repaired. */
export interface RepairSummary {
  /** The least certain repair that they need. */
  kind: RepairKind;
  certain: boolean;
  /** Every kind that one of them needs, in the order of `repairKinds`. */
  needs: RepairKind[];
  /** True if they are repaired: the caller's list has every kind that they need. */
  taken: boolean;
  names: number;
  /** Share of all counts looked at that they carry, 0 to 1; null if it was not measured. */
  countShare: number | null;
  /** The first `mostExamples` of them. */
  examples: {from: string; to: string}[];
}

/** What could be repaired in a file's gene names, and what was: plain JSON. */
export interface RepairReport {
  /** In the order of `repairKinds`; those taken before those that are not, of one kind. */
  kinds: RepairSummary[];
  /** Names that the caller settled herself (NAME=SYMBOL). */
  settled: {names: number; countShare: number | null; examples: {from: string; to: string}[]};
  /** Names that may stand for several symbols. */
  unclear: {names: number; countShare: number | null; examples: {name: string; symbols: string[]}[]};
  /** Names left as they are, because another name is or would become the same symbol. */
  clashes: {names: number; countShare: number | null; examples: {name: string; symbol: string; other: string}[]};
}

/** Most examples that a report lists of each kind. */
export const mostExamples = 50;

/**
 * Sums up what was and could be repaired in a file's names, by kind. `columnSums` are the counts of each column in a sample of
 * cells, null if they were not measured.
 */
export function repairReport(
  {taken, proposals: {repairs, unclear, clashes}}: RepairedNames,
  columnSums: Float64Array | null
): RepairReport {
  const total = columnSums?.reduce((sum, value) => sum + value, 0) ?? 0;
  const share = (list: readonly {column: number}[]) =>
    columnSums === null || total === 0 ? null : list.reduce((sum, {column}) => sum + columnSums[column], 0) / total;
  const some = <From, To>(list: readonly From[], as: (each: From) => To) => list.slice(0, mostExamples).map(as);
  const takenColumns = new Set(taken.map(({column}) => column));
  const kinds = repairKinds.flatMap((kind) =>
    [true, false].flatMap((isTaken): RepairSummary[] => {
      const list = repairs.filter(
        (repair) => repair.kinds.at(-1) === kind && takenColumns.has(repair.column) === isTaken
      );
      if (list.length === 0) return [];
      const needs = repairKinds.filter((each) => list.some((repair) => repair.kinds.includes(each)));
      const certain = needs.every((each) => certainRepairs.includes(each));
      const examples = some(list, ({from, to}) => ({from, to}));
      return [{kind, certain, needs, taken: isTaken, names: list.length, countShare: share(list), examples}];
    })
  );
  const settled = taken.filter((repair) => repair.kinds.length === 0);
  const sum = <From extends {column: number}, To>(list: readonly From[], as: (each: From) => To) => ({
    names: list.length,
    countShare: share(list),
    examples: some(list, as)
  });
  return {
    kinds,
    settled: sum(settled, ({from, to}) => ({from, to})),
    unclear: sum(unclear, ({name, symbols}) => ({name, symbols: [...symbols]})),
    clashes: sum(clashes, ({name, symbol, other}) => ({name, symbol, other}))
  };
}
