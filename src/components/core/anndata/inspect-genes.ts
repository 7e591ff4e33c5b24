import {recognizeSpecies, type RecognizedSpecies} from "../cells/recognize-species.js";
import type {SpeciesLists} from "../cells/species-lists.js";
import {repairReport, type RepairReport} from "../cells/repair-report.js";
import type {AnnData} from "./anndata.js";
import {countKnown} from "./count-known.js";
import {geneNameCandidates} from "./gene-names.js";
import type {GeneNames} from "./gene-names.js";
import {nameProblems} from "./name-problems.js";
import type {NamedGenes} from "./named-genes.js";
import type {Problem} from "./problem.js";
import {speciesProblems} from "./species-problems.js";

/** How the genes of a matrix fit the model's. */
export interface GeneReport {
  /** Where the names come from ("var_names", "var/feature_name"). */
  source: string;
  nGenes: number;
  /** Genes whose name the model knows, with the repairs that were taken. */
  aligned: number;
  /** Genes whose name the model knows as the file has it. */
  exact: number;
  /** Share of the counts (of a sample of cells) that stand on aligned genes; null if it was not measured. */
  countShare: number | null;
  /** First names, to recognize them by. */
  examples: string[];
  /** A column whose names fit better, if there is one. */
  better: {source: string; aligned: number} | null;
  /** What was repaired in the names, and what could be. */
  repair: RepairReport;
  /** Which species the names show, the one that they are read as, whether that was asked for, and those that the model has. */
  species: RecognizedSpecies & {used: string; asked: boolean; model: string[]};
}

/**
 * Counts the names of `chosen`, repaired as it is, that the model knows (`genes`: its symbols) and their share of `columnSums`, the counts of
 * each gene in a sample of cells (null: not measured), and finds out why there are few: another column fits, another
 * species, names that want repair, names of another kind. `asked`: somebody chose the species that names are read as.
 */
export function measureGenes(
  anndata: AnnData,
  chosen: NamedGenes,
  columnSums: Float64Array | null,
  genes: ReadonlySet<string>,
  asked = false
): {genes: GeneReport; problems: Problem[]} {
  const isAligned = chosen.names.map((name) => genes.has(name));
  const aligned = isAligned.reduce((n, flag) => n + (flag ? 1 : 0), 0);
  const better = bestOther(geneNameCandidates(anndata, {genes: chosen.axis}), chosen, genes, aligned);
  const index = anndata.varNames(chosen.axis);
  const ids = index.length === chosen.fileNames.length ? index : [];
  const report: GeneReport = {
    source: chosen.source,
    nGenes: chosen.names.length,
    aligned,
    countShare: columnSums !== null && aligned > 0 ? shareOfCounts(columnSums, isAligned) : null,
    exact: countIn(chosen.fileNames, genes),
    examples: chosen.fileNames.slice(0, 5),
    better,
    repair: repairReport(chosen.repaired, columnSums),
    species: {
      ...recognizeSpecies(chosen.fileNames, chosen.model.lists, {ids, columnSums}),
      used: chosen.model.species,
      asked,
      model: chosen.model.lists.map(({name}) => name)
    }
  };
  const missing = notThereProblem(chosen, columnSums);
  const problems = geneProblems(report, chosen).filter(({code}) => missing === null || code !== "few-genes-in-common");
  return {genes: report, problems: missing === null ? problems : [...problems, missing]};
}

/** Genes of raw/var, which has ids only, that var cannot name, since it has fewer genes: they are lost, whatever they count. */
function notThereProblem(chosen: NamedGenes, columnSums: Float64Array | null): Problem | null {
  const {notThere, names, source, axis} = chosen;
  const missing = notThere?.reduce((n, flag) => n + flag, 0) ?? 0;
  if (missing === 0 || missing === names.length) return null;
  const share = columnSums === null ? null : shareOfCounts(columnSums, Array.from(notThere!, Boolean));
  const isLittle = share === null ? missing < 0.05 * names.length : share < 0.01;
  const carried = share === null ? "" : `; they carry ${(100 * share).toFixed(1)} % of the counts looked at`;
  const first = names.filter((_, i) => notThere![i] === 1).slice(0, 3);
  return {
    code: "names-missing",
    severity: isLittle ? "info" : "warning",
    place: source,
    message:
      `${missing.toLocaleString("en")} of ${names.length.toLocaleString("en")} genes of ${axis} have an id alone (${first.join(", ")}, ...), and no name ` +
      `was found for them (${source}), so they are left out${carried}`,
    remedy: `write a column feature_name with symbols for all genes into ${axis}`
  };
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
    const fits = aligned > 0 ? countIn(names, genes) : countKnown(names, genes);
    if (fits > (better?.aligned ?? aligned)) better = {source, aligned: fits};
  }
  return better;
}

function geneProblems(report: GeneReport, {fileNames, repair, model}: NamedGenes): Problem[] {
  const {aligned, nGenes, source, better, exact} = report;
  if (nGenes === 0) return [];
  const like = report.examples.slice(0, 3).join(", ");
  const known = aligned.toLocaleString("en");
  const all = nGenes.toLocaleString("en");
  const offered = better?.aligned.toLocaleString("en");
  const kind = guess(fileNames);
  const looks = kind === null ? "" : `; they look like ${kind}`;
  const {used, asked, model: lists, ...recognized} = report.species;
  const facts = {source, nGenes, exact, report: report.repair, repair};
  const ofSpecies = speciesProblems({...facts, recognized, used, asked, model: lists});
  const isRefused = ofSpecies.some(({severity}) => severity === "error");
  const ofNames = isRefused ? ofSpecies : [...ofSpecies, ...nameProblems(facts)];
  if (better !== null && better.aligned > 1.1 * aligned && aligned > 0) {
    return [
      {
        code: "better-gene-column",
        severity: "warning",
        place: source,
        message: `${source} gives ${known} genes that the model knows, ${better.source} ${offered}`,
        remedy: `use ${better.source} for the gene names instead`
      },
      ...ofNames
    ];
  }
  if (aligned === 0 && !ofNames.some(({severity}) => severity === "error")) {
    const repairable = ofNames.find(({code}) => code === "names-repairable");
    return [
      {
        code: "no-gene-in-common",
        severity: "error",
        place: source,
        message: `none of the ${all} gene names (${like}, ...) is known to the model${looks}`,
        remedy:
          better !== null
            ? `use ${better.source} for the gene names instead: ${offered} of its ${all} names are known`
            : (repairable?.remedy ??
              `give ${used} gene symbols${exampleOf(model)} in var_names, or in a column of var named feature_name`)
      },
      ...ofNames
    ];
  }
  if (aligned > 0 && aligned < 0.2 * nGenes && ofSpecies.length === 0) {
    return [
      {
        code: "few-genes-in-common",
        severity: "warning",
        place: source,
        message: `only ${known} of ${all} gene names (${like}, ...) are known to the model${looks}`,
        remedy: `check that they are ${used} gene symbols`
      },
      ...ofNames
    ];
  }
  return ofNames;
}

/** A symbol of the species that names are read as, in parentheses: TP53 where it has that. */
function exampleOf({species, lists}: SpeciesLists): string {
  const genes = lists.find(({name}) => name === species)?.genes ?? [];
  const example = genes.find(({symbol}) => symbol === "TP53") ?? genes.at(0);
  return example === undefined ? "" : ` (${example.symbol})`;
}

/** Beginnings of names that are no symbols, and what they stand for; species are `recognizeSpecies`' part. */
const beginnings: [pattern: RegExp, what: string][] = [
  [/^ENSG\d+(\.\d+)?$/, "Ensembl ids of human genes"],
  [/^\d+$/, "numbers: row numbers or Entrez ids"]
];

/** What the names look like; null where that cannot be told. */
function guess(names: string[]): string | null {
  for (const [pattern, what] of beginnings) {
    const count = names.reduce((n, name) => n + (pattern.test(name) ? 1 : 0), 0);
    if (count > names.length / 2) return what;
  }
  return null;
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
