import {formatRepairs, parseRepairs, repairWords} from "../repair-kinds.js";
import type {RepairReport, RepairSummary} from "../cells/repair-report.js";
import type {Problem} from "./problem.js";

/** Share of the counts from which names that are not used are worth a warning; of the names, where counts are unknown. */
const worthWarning = {counts: 0.01, names: 0.05};

/** What `nameProblems` goes by. */
export interface NameFacts {
  /** Where the names come from ("var_names"). */
  source: string;
  nGenes: number;
  report: RepairReport;
  /** The list that was asked for, as in `PipelineParameters`. */
  repair: readonly string[];
}

/**
 * What is to be said of a file's gene names, whatever their species: repairs that were taken ("names-repaired"), that are offered
 * ("names-repairable"), names that may be several symbols ("names-unclear") and that another name keeps from being repaired
 * ("names-clash").
 */
export function nameProblems({source, nGenes, report, repair}: NameFacts): Problem[] {
  const problems: Problem[] = [];
  const weight = (names: number, share: number | null): Problem["severity"] =>
    (share ?? -1) >= worthWarning.counts || (share === null && names >= worthWarning.names * nGenes)
      ? "warning"
      : "info";
  const taken = report.kinds.filter((kind) => kind.taken);
  const {settled} = report;
  if (taken.length > 0 || settled.names > 0) {
    const given = settled.examples.slice(0, 3).map(({from, to}) => `${from} read as ${to}`);
    const parts = [...(taken.length > 0 ? [listKinds(taken, "read as")] : [])];
    if (settled.names > 0) parts.push(`${count(settled.names)} that you settled (${given.join(", ")})`);
    problems.push({
      code: "names-repaired",
      severity: "info",
      place: source,
      message: `repaired: ${parts.join("; ")}${carried([...taken, settled])}`,
      remedy: "nothing to do; --repair-genes none takes names as they are"
    });
  }
  const offered = report.kinds.filter((kind) => !kind.taken);
  if (offered.length > 0) {
    const names = offered.reduce((sum, kind) => sum + kind.names, 0);
    problems.push({
      code: "names-repairable",
      severity: weight(names, shareOf(offered)),
      place: source,
      message: `repaired, more would match the model's symbols: ${listKinds(offered, "probably")}${carried(offered)}`,
      remedy: `take the repair with --repair-genes ${withOffered(offered, repair)} (on a page: Repair gene names)`
    });
  }
  const {unclear, clashes} = report;
  if (unclear.names > 0) {
    const [{name, symbols}] = unclear.examples;
    const like = unclear.examples.slice(0, 3).map((each) => `${each.name}: ${each.symbols.join(" or ")}`);
    problems.push({
      code: "names-unclear",
      severity: weight(unclear.names, unclear.countShare),
      place: source,
      message: `${count(unclear.names)} may stand for several symbols and ${unclear.names === 1 ? "is" : "are"} not guessed (${like.join("; ")}${unclear.names > 3 ? "; ..." : ""})${carried([unclear])}`,
      remedy: `where you know it, say so: --repair-genes "${name}=${symbols[0]}"`
    });
  }
  if (clashes.names > 0) {
    const [{name, symbol, other}] = clashes.examples;
    problems.push({
      code: "names-clash",
      severity: weight(clashes.names, clashes.countShare),
      place: source,
      message: `${count(clashes.names)} would become a symbol that another name has too and ${clashes.names === 1 ? "stays" : "stay"} as ${clashes.names === 1 ? "it is" : "they are"} (${name}: ${symbol}, like ${other})${carried([clashes])}`,
      remedy: "add such columns up or take one out before the file is written, if they are one gene"
    });
  }
  return problems;
}

function listKinds(kinds: readonly RepairSummary[], verb: string): string {
  const one = ({kind, names, examples}: RepairSummary) => {
    const shown = examples.slice(0, 3).map(({from, to}) => `${from.trim()} ${verb} ${to}`);
    return `${count(names)} ${repairWords[kind]} (${shown.join(", ")}${names > shown.length ? ", ..." : ""})`;
  };
  return kinds.map(one).join("; ");
}

/** The option's value that takes what is offered beside what is taken already. */
function withOffered(offered: readonly RepairSummary[], repair: readonly string[]): string {
  const words = [...repair, ...offered.flatMap(({needs}) => needs)];
  return formatRepairs(parseRepairs(words.join(",")));
}

function shareOf(list: readonly {countShare: number | null}[]): number | null {
  return list.reduce<number | null>(
    (sum, {countShare}) => (sum === null || countShare === null ? null : sum + countShare),
    0
  );
}

function carried(list: readonly {names: number; countShare: number | null}[]): string {
  const share = shareOf(list);
  const one = list.reduce((sum, {names}) => sum + names, 0) === 1;
  return share === null ? "" : `; ${one ? "it carries" : "they carry"} ${percent(share)} of the counts looked at`;
}

function percent(share: number): string {
  return share > 0 && share < 0.0005 ? "less than 0.1 %" : `${(100 * share).toFixed(1)} %`;
}

function count(names: number): string {
  return `${thousands(names)} gene name${names === 1 ? "" : "s"}`;
}

function thousands(n: number): string {
  return n.toLocaleString("en");
}
