import {WorkbookError} from "../errors.js";
import type {AliasTable} from "./alias-table.js";
import {proposeRepairs, type ProposedRepair, type Proposals} from "./propose-repairs.js";
import {readRepairs, type RepairKind} from "../repair-kinds.js";

/** A file's gene names with the repairs that were taken. */
export interface RepairedNames {
  /** One a column: the symbol where a repair was taken, the file's own name elsewhere. */
  names: string[];
  /** The repairs that were taken, by ascending column. */
  taken: ProposedRepair[];
  /** Everything that could be repaired, taken or not; of the clashes, those of repairs that were asked for. */
  proposals: Proposals;
}

/**
 * The one guesser of gene names: what `names` (one a column) were probably meant to be, and those of its repairs taken that
 * `repair` (as in `PipelineParameters`) asks for: every kind that a name needs must be in it. Names settled by NAME=SYMBOL
 * are taken first. `known` are the model's symbols, of `species` (human). Throws a WorkbookError of domain "genes", code "bad-repair", if a settled
 * name is not in the file, or its symbol is not the model's or stands in the file already.
 */
export function repairNames(
  names: readonly string[],
  known: ReadonlySet<string>,
  aliases: AliasTable,
  repair: readonly string[],
  species = "human"
): RepairedNames {
  const {kinds, settled} = readRepairs(repair);
  const own = settle(names, known, settled);
  const proposals = proposeRepairs(own, known, aliases, species);
  const isAsked = (proposed: {kinds: readonly RepairKind[]}) => proposed.kinds.every((kind) => kinds.has(kind));
  const chosen = proposals.repairs.filter(isAsked);
  const repaired = [...own];
  for (const {column, to} of chosen) repaired[column] = to;
  const bySettling = own.flatMap((to, column): ProposedRepair[] =>
    to === names[column] ? [] : [{column, from: names[column], to, kinds: []}]
  );
  const taken = [...bySettling, ...chosen].sort((a, b) => a.column - b.column);
  const clashes = proposals.clashes.filter(isAsked);
  return {names: repaired, taken, proposals: {...proposals, clashes}};
}

function settle(
  names: readonly string[],
  known: ReadonlySet<string>,
  settled: ReadonlyMap<string, string>
): readonly string[] {
  if (settled.size === 0) return names;
  const there = new Set(names);
  const given = new Map<string, string>();
  for (const [name, symbol] of settled) {
    const fault = !there.has(name)
      ? `the file has no gene called "${name}"`
      : !known.has(symbol)
        ? `the model has no gene called "${symbol}"`
        : there.has(symbol)
          ? `the file has a gene called "${symbol}" already`
          : given.has(symbol)
            ? `"${given.get(symbol)}" is to be "${symbol}" as well`
            : null;
    if (fault !== null) {
      throw new WorkbookError({
        domain: "genes",
        code: "bad-repair",
        fault: `the repair ${name}=${symbol} cannot be taken: ${fault}`,
        remedy: "write NAME=SYMBOL with a name of the file and a symbol of the model that no other name has"
      });
    }
    given.set(symbol, name);
  }
  return names.map((name) => settled.get(name) ?? name);
}
