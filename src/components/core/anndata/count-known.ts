import {repairNames} from "../cells/repair-names.js";
import {certainRepairs} from "../repair-kinds.js";

/**
 * How many of `names` are among `genes`, the model's symbols, as a run would read them: where none matches as it is, since a
 * genome's name stands before every symbol, with the certain repairs taken.
 */
export function countKnown(names: readonly string[], genes: ReadonlySet<string>): number {
  const among = (list: readonly string[]) => list.reduce((n, gene) => n + Number(genes.has(gene)), 0);
  return among(names) || among(repairNames(names, genes, new Map(), certainRepairs).names);
}
