import type {RecognizedSpecies, SpeciesFinding} from "../cells/recognize-species.js";
import {speciesCalled} from "../cells/species-called.js";
import type {RepairReport} from "../cells/repair-report.js";
import type {Problem} from "./problem.js";

/** What `speciesProblems` goes by. */
export interface SpeciesFacts {
  recognized: RecognizedSpecies;
  /** The model's species that names are read as, and whether somebody asked for it. */
  used: string;
  asked: boolean;
  /** Species that the model has, as far as its genes were read. */
  model: readonly string[];
  /** Where the names come from ("var_names"). */
  source: string;
  nGenes: number;
  /** Names that match as the file has them. */
  exact: number;
  report: RepairReport;
  /** Repairs that were asked for, as in `PipelineParameters`. */
  repair: readonly string[];
}

/**
 * What is to be said of a file's species. Errors, with the way to go on all the same: the model lacks it ("other-species"), there are two
 * and none was chosen ("two-species"), species of the model cannot be told apart ("species-unclear"). Warnings where the caller
 * insisted, where she chose another species than the genes show ("species-asked"), and where ids beside the symbols are of another one
 * ("other-ids").
 */
export function speciesProblems(facts: SpeciesFacts): Problem[] {
  const {recognized, used, asked, model} = facts;
  const {verdict, found, ids} = recognized;
  const choosable = found.filter(({inModel}) => inModel);
  if (verdict === "several" && choosable.length > 0) return [severalProblem(facts, choosable)];
  if (verdict === "unclear") return asked || model.length < 2 || found.length === 0 ? [] : [unclearProblem(facts)];
  const [first] = found;
  if (first === undefined) return [];
  if (!first.inModel) return [lackingProblem(facts)];
  if (first.species !== used) return [askedProblem(facts)];
  return ids === null ? [] : [idsProblem(facts, ids)];
}

function lackingProblem({recognized, used, model, source, nGenes, exact, report, repair}: SpeciesFacts): Problem {
  const {found} = recognized;
  const [first] = found;
  const insisted = repair.length === 0 || repair.includes("case");
  const how =
    first.by === "case" && speciesCalled(used)?.letters !== undefined
      ? `${thousands(first.genes)} of ${thousands(nGenes)} match the model's ${used} symbols in capitals, as ${used} symbols are not written`
      : first.by === "case"
        ? `${thousands(first.genes)} of ${thousands(nGenes)} match the model's ${used} symbols only in capitals, ${thousands(exact)} as they are`
        : `${thousands(first.genes)} of ${thousands(nGenes)} begin so, ${thousands(exact)} match the model's ${used} symbols`;
  const raised = report.kinds.find(({kind, taken}) => kind === "case" && !taken)?.names ?? 0;
  const ways = [
    raised > 0 &&
      `--repair-genes case takes ${thousands(raised)} names in capitals, as if they were their ${used} orthologs`,
    exact > 0 && `--repair-genes none takes the ${thousands(exact)} that match as they are`
  ].filter((way) => way !== false);
  const insist = ways.length === 0 ? "" : `; to go on all the same, ${ways.join(", ")}`;
  const species = found.map((finding) => finding.species).join(" and ");
  const own = model.length > 1 ? `cells of one of the model's species (${model.join(", ")})` : `${used} cells`;
  return {
    code: "other-species",
    severity: insisted && (exact > 0 || report.kinds.some(({taken}) => taken)) ? "warning" : "error",
    place: source,
    message: `the genes look like those of ${species} (${first.examples.join(", ")}, ...): ${how}`,
    remedy: insisted
      ? `do not take the result for one of ${used} cells; better, map the genes to their ${used} orthologs first`
      : `give ${own}, or map the genes to their ${used} orthologs first${insist}`
  };
}

function severalProblem(
  {recognized: {found}, used, asked, source}: SpeciesFacts,
  choosable: readonly SpeciesFinding[]
): Problem {
  const each = found.map(({species, genes, countShare, examples}) => {
    const share = countShare === null ? "" : ` with ${percent(countShare)} of the counts looked at`;
    return `${species} (${thousands(genes)} genes${share}; ${examples.slice(0, 2).join(", ")}, ...)`;
  });
  const number = found.length === 2 ? "two" : String(found.length);
  const others = found.filter(({species}) => species !== used).map(({species}) => species);
  const lacking = found.filter(({inModel}) => !inModel).map(({species}) => species);
  const note = lacking.length === 0 ? "" : `; the model lacks ${lacking.join(" and ")}`;
  return {
    code: "two-species",
    severity: asked ? "warning" : "error",
    place: source,
    message: `the genes are of ${number} species, ${each.join(" and ")}${asked ? `; only those of ${used} are read` : note}`,
    remedy: asked
      ? `leave out the cells of ${others.join(" and ")}: their sentences are made of the few ${used} counts that they have`
      : `choose one: ${options(choosable)} (on a page: Species), and leave out the cells of the other`
  };
}

function unclearProblem({recognized: {found}, source, nGenes}: SpeciesFacts): Problem {
  const each = found.map(({species, genes}) => `${thousands(genes)} match those of ${species}`);
  return {
    code: "species-unclear",
    severity: "error",
    place: source,
    message: `the species cannot be told by the ${thousands(nGenes)} gene names: ${each.join(", ")}`,
    remedy: `choose it: ${options(found)} (on a page: Species)`
  };
}

function askedProblem({recognized, used, source}: SpeciesFacts): Problem {
  const [{species, genes, examples}] = recognized.found;
  return {
    code: "species-asked",
    severity: "warning",
    place: source,
    message: `${thousands(genes)} genes look like those of ${species} (${examples.join(", ")}, ...), and they are read as ${used}, as asked`,
    remedy: `use --species ${species}, or leave the choice out`
  };
}

function idsProblem({used, source}: SpeciesFacts, ids: SpeciesFinding): Problem {
  return {
    code: "other-ids",
    severity: ids.inModel ? "info" : "warning",
    place: source,
    message: `the symbols are read as ${used}, the ids of the same genes are of ${ids.species} (${ids.examples.join(", ")}, ...)`,
    remedy: `if the symbols are ${used} orthologs, do not take the result for one of ${used} cells`
  };
}

function options(found: readonly SpeciesFinding[]): string {
  const quoted = (name: string) => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name));
  return found.map(({species}) => `--species ${quoted(species)}`).join(" or ");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function thousands(n: number): string {
  return n.toLocaleString("en");
}
