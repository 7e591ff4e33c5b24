import type {ShardProvenance} from "../../core/tables/provenance.js";
import {shardRows} from "../../core/tables/plan-shards.js";
import {rowsOption, shardOption, usage} from "./arguments.js";

/** The cells that a command takes of a file. */
export interface ChosenRows {
  /** Ascending; null for all. */
  rows: Int32Array | null;
  shard?: ShardProvenance;
}

/**
 * The cells of a file of `nObs` that `--rows` and `--shard` choose: the rows first, then the shard of those. Throws a usage error where
 * there are none.
 */
export function chosenRows(options: Record<string, string>, nObs: number, note: (text: string) => void): ChosenRows {
  const asked = rowsOption(options);
  const part = shardOption(options);
  const rows = asked && selectRows(asked, nObs, note);
  if (part === null) return {rows};
  const all = rows ?? Int32Array.from({length: nObs}, (_, row) => row);
  const chosen = shardRows(all, part.index, part.of);
  if (chosen.length > 0) return {rows: chosen, shard: {...part, first: all[0], last: all[all.length - 1]}};
  const fault = `--shard ${part.index}/${part.of} has no cells: there are ${all.length}`;
  throw usage("bad-option", fault, `use ${Math.max(1, all.length)} shards at most`);
}

function selectRows(
  {first, last}: {first: number; last: number},
  nObs: number,
  note: (text: string) => void
): Int32Array {
  if (first >= nObs && nObs > 0) {
    throw usage("bad-option", `--rows ${first}-${last}: the file has ${nObs} cells`, `use rows 0 to ${nObs - 1}`);
  }
  if (last >= nObs)
    note(`rows ${first}-${last} were asked for, the file has ${nObs} cells: rows ${first}-${nObs - 1} are used`);
  const end = Math.min(last, nObs - 1);
  return Int32Array.from({length: Math.max(0, end - first + 1)}, (_, i) => first + i);
}
