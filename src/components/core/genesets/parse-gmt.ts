import {WorkbookError} from "../errors.js";

/** A set of genes by name. */
export interface NamedGeneSet {
  name: string;
  genes: string[];
}

/**
 * Gene sets of a GMT file (a line a set: name, description, genes, with tabs between; MSigDB's format). Empty lines are left out. Throws a WorkbookError of domain "genes", code
 * "not-gmt", for a line with fewer than three parts, and for two sets of one name.
 */
export function parseGmt(text: string, file: string): NamedGeneSet[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const sets = lines.map((line, i): NamedGeneSet => {
    const [name, , ...genes] = line.split("\t").map((part) => part.trim());
    const kept = [...new Set(genes.filter((gene) => gene !== ""))];
    if (name === "" || kept.length === 0)
      throw notGmt(file, `line ${i + 1} has no name, or no genes after its second tab`);
    return {name, genes: kept};
  });
  if (sets.length === 0) throw notGmt(file, "it has no sets");
  const seen = new Set<string>();
  const twice = sets.find(({name}) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw notGmt(file, `two sets are called "${twice.name}"`);
  return sets;
}

function notGmt(file: string, why: string): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "not-gmt",
    fault: `${file} is not a list of gene sets: ${why}`,
    remedy: "give a GMT file: a set a line, its name, a description and its genes, with tabs between"
  });
}
