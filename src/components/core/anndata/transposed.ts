import {repairNames} from "../cells/repair-names.js";
import {certainRepairs} from "../repair-kinds.js";
import type {AnnData} from "./anndata.js";
import {orFault} from "./part-fault.js";
import type {Problem} from "./problem.js";

/** Names that only genes have, whatever the model knows. */
const ensembl = /^ENS[A-Z]{0,4}G\d{6}/;
/** Share of cells with names of genes from which on a file is transposed: cells have none. */
const leastShare = 0.02;
/** Names of cells that are looked at, at most. */
const mostLooked = 5000;

/**
 * The problem ("transposed", an error) of a file whose genes stand in obs and whose cells in var: names of cells that `genes`
 * (the model's symbols) know, in capitals at least or behind a genome's name, or that are Ensembl's ids, where `names`, those of the
 * matrix's columns, are neither. Says how to turn the file in Python. null of any other file.
 */
export function transposedProblem(
  anndata: AnnData,
  names: readonly string[],
  genes: ReadonlySet<string>
): Problem | null {
  const isGene = (name: string) => genes.has(name) || genes.has(name.toUpperCase()) || ensembl.test(name);
  const shareOf = (list: readonly string[]) => list.filter(isGene).length / Math.max(1, list.length);
  const ofColumns = shareOf(names);
  if (ofColumns > 0.1) return null;
  const cells = orFault(() => anndata.obsNames(), []);
  const every = Math.ceil(cells.length / mostLooked);
  const some = cells.filter((_, i) => i % every === 0);
  const share = shareOf(repairNames(some, genes, new Map(), certainRepairs).names);
  if (share < leastShare || cells.length < 3 || ofColumns > share / 10) return null;
  const known = `${every === 1 ? "" : "about "}${Math.round(share * cells.length).toLocaleString("en")}`;
  return {
    code: "transposed",
    severity: "error",
    place: "/obs",
    message:
      `${anndata.name} is transposed: obs_names, which should name cells, are genes (${cells.slice(0, 3).join(", ")}, ...; ` +
      `${known} of ${cells.length.toLocaleString("en")}), var_names (${names.slice(0, 3).join(", ")}, ...) are not`,
    remedy:
      `turn it in Python, anndata.read_h5ad(${JSON.stringify(anndata.name)}).T.write_h5ad("transposed.h5ad"), ` +
      "and open transposed.h5ad"
  };
}
