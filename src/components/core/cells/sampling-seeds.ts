import {sha256} from "../sha256.js";
import type {SeedRule} from "../types.js";
import {samplingSeed} from "./sample.js";

/** Hexadecimal digits of a name's hash that its seed is made of: 44 bits, so that 64 samplings a cell stay below 2^53. */
const digits = 11;

/** The file's cells, as seeds need them. */
export interface SeededCells {
  /** Number of cells in the file. */
  nCells: number;
  /** Of several files that are read as one, the first row and number of cells of each: a cell's seed is that of its row in its own file. */
  files?: readonly {first: number; nCells: number}[];
  /** Names of all cells of the file, as in the file, in its order; asked for only where seeds come from names. */
  names(): readonly string[];
}

/**
 * Seeds of the cells `rows`: the answer gives the seed of a row's k-th sentence (k from 0).
 *
 * "row" is the reference's rule (`samplingSeed`), under which a file in another order has other seeds, and so other
 * embeddings. "name" is not the reference's: the seed is the number that the first 11 hexadecimal digits of SHA-256 of the
 * cell's name (UTF-8) make, plus k times 16^11. It goes with the cell into another file; cells of one name share it.
 */
export async function samplingSeeds(
  rule: SeedRule,
  rows: Int32Array,
  {nCells, files = [{first: 0, nCells}], names}: SeededCells
): Promise<(row: number, k: number) => number> {
  if (rule === "row") {
    return (row, k) => {
      const file = files.findLast(({first}) => first <= row)!;
      return samplingSeed(row - file.first, k, file.nCells);
    };
  }
  const all = names();
  const encoder = new TextEncoder();
  const seeds = new Map<number, number>();
  await Promise.all(
    Array.from(rows, async (row) => {
      const hash = await sha256(encoder.encode(all[row]) as Uint8Array<ArrayBuffer>);
      seeds.set(row, parseInt(hash.slice(0, digits), 16));
    })
  );
  return (row, k) => seeds.get(row)! + k * 16 ** digits;
}
