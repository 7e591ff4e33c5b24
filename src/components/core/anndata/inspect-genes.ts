import type {AnnData} from "./anndata.js";
import {geneNameCandidates} from "./gene-names.js";
import type {GeneNames} from "./gene-names.js";
import type {Problem} from "./problem.js";

/** How the genes of a matrix fit the model's. */
export interface GeneReport {
  /** Where the names come from ("var_names", "var/feature_name"). */
  source: string;
  nGenes: number;
  /** Genes whose name the model knows. */
  aligned: number;
  /** Share of the counts (of a sample of cells) that stand on aligned genes; null if it was not measured. */
  countShare: number | null;
  /** First names, to recognize them by. */
  examples: string[];
  /** A column whose names fit better, if there is one. */
  better: {source: string; aligned: number} | null;
}

/**
 * Counts the names of `chosen` that the model knows (`genes`: its symbols) and their share of `columnSums`, the counts of
 * each gene in a sample of cells (null: not measured), and finds out why there are few: another column fits, another
 * species, names of another kind.
 */
export function measureGenes(
  anndata: AnnData,
  chosen: GeneNames,
  columnSums: Float64Array | null,
  genes: ReadonlySet<string>
): {genes: GeneReport; problems: Problem[]} {
  const isAligned = chosen.names.map((name) => genes.has(name));
  const aligned = isAligned.reduce((n, flag) => n + (flag ? 1 : 0), 0);
  const better = bestOther(geneNameCandidates(anndata, {genes: chosen.axis}), chosen, genes, aligned);
  const report: GeneReport = {
    source: chosen.source,
    nGenes: chosen.names.length,
    aligned,
    countShare: columnSums !== null && aligned > 0 ? shareOfCounts(columnSums, isAligned) : null,
    examples: chosen.names.slice(0, 5),
    better
  };
  return {genes: report, problems: geneProblems(report, chosen, genes)};
}

function bestOther(
  candidates: GeneNames[],
  chosen: GeneNames,
  genes: ReadonlySet<string>,
  aligned: number
): GeneReport["better"] {
  let better: GeneReport["better"] = null;
  for (const {names, source} of candidates) {
    if (source === chosen.source) continue;
    const fits = countIn(names, genes);
    if (fits > (better?.aligned ?? aligned)) better = {source, aligned: fits};
  }
  return better;
}

function geneProblems(report: GeneReport, {names}: GeneNames, genes: ReadonlySet<string>): Problem[] {
  const {aligned, nGenes, source, better} = report;
  if (nGenes === 0) return [];
  const like = report.examples.slice(0, 3).join(", ");
  const known = aligned.toLocaleString("en");
  const all = nGenes.toLocaleString("en");
  const offered = better?.aligned.toLocaleString("en");
  const kind = guess(names, genes);
  const looks = kind === null ? "" : `; they look like ${kind}`;
  if (aligned === 0) {
    return [
      {
        code: "no-gene-in-common",
        severity: "error",
        place: source,
        message: `none of the ${all} gene names (${like}, ...) is known to the model${looks}`,
        remedy:
          better === null
            ? "give human gene symbols (TP53) in var_names, or in a column of var named feature_name"
            : `use ${better.source} for the gene names instead: ${offered} of its ${all} names are known`
      }
    ];
  }
  if (better !== null && better.aligned > 1.1 * aligned) {
    return [
      {
        code: "better-gene-column",
        severity: "warning",
        place: source,
        message: `${source} gives ${known} genes that the model knows, ${better.source} ${offered}`,
        remedy: `use ${better.source} for the gene names instead`
      }
    ];
  }
  if (aligned < 0.2 * nGenes) {
    return [
      {
        code: "few-genes-in-common",
        severity: "warning",
        place: source,
        message: `only ${known} of ${all} gene names (${like}, ...) are known to the model${looks}`,
        remedy: "check that they are human gene symbols"
      }
    ];
  }
  return [];
}

/** Ensembl-style prefixes and what they stand for. */
const prefixes: [prefix: RegExp, what: string][] = [
  [/^ENSG\d/, "Ensembl ids of human genes"],
  [/^ENSMUSG\d/, "Ensembl ids of mouse genes"],
  [/^ENSRNOG\d/, "Ensembl ids of rat genes"],
  [/^ENSDARG\d/, "Ensembl ids of zebrafish genes"],
  [/^ENSMMUG\d/, "Ensembl ids of macaque genes"],
  [/^ENS[A-Z]{3,4}G\d/, "Ensembl ids of another species"],
  [/^FBgn\d/, "FlyBase ids"],
  [/^WBGene\d/, "WormBase ids"],
  [/^(hg19|hg38|GRCh3[78]|mm10|GRCm3[89])_/, "names with the genome's name before them"],
  [/^\d+$/, "numbers: row numbers or Entrez ids"]
];

/** What the names look like; null where that cannot be told. */
function guess(names: string[], genes: ReadonlySet<string>): string | null {
  for (const [prefix, what] of prefixes) {
    const count = names.reduce((n, name) => n + (prefix.test(name) ? 1 : 0), 0);
    if (count > names.length / 2) return what;
  }
  const raised = countIn(
    names.map((name) => name.toUpperCase()),
    genes
  );
  return raised > names.length / 4 ? "mouse symbols (in capitals many would be known)" : null;
}

function countIn(names: string[], genes: ReadonlySet<string>): number {
  return names.reduce((n, name) => n + (genes.has(name) ? 1 : 0), 0);
}

/** Share of the counts that stands on aligned genes; null where there are none. */
function shareOfCounts(columnSums: Float64Array, isAligned: boolean[]): number | null {
  let on = 0;
  let all = 0;
  columnSums.forEach((sum, column) => {
    all += sum;
    if (isAligned[column]) on += sum;
  });
  return all === 0 ? null : on / all;
}
