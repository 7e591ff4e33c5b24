import {WorkbookError} from "./errors.js";

/**
 * What may be wrong with a gene name, in the order in which people are told of it. "spaces": blanks or quotes around it;
 * "prefix": the genome's name before it (GRCh38_CD4); "version": an Ensembl id's version behind it; "pair": an Ensembl id
 * and a symbol in one (ENSG00000010610|CD4, either order); "dots": R's make.names (HLA.A for HLA-A); "dates": what a
 * spreadsheet made of it (3-Sep for SEPT3); "aliases": a previous or alias symbol; "case": other capitals than the model's.
 */
export const repairKinds = ["spaces", "prefix", "version", "pair", "dots", "dates", "aliases", "case"] as const;

/** One kind of repair. */
export type RepairKind = (typeof repairKinds)[number];

/**
 * Repairs that leave no doubt, since the symbol stands in the name as it is: taken unless the caller asks for names as
 * they are.
 */
export const certainRepairs: readonly RepairKind[] = ["spaces", "prefix", "version", "pair"];

/** What each kind is, as displayed: what follows "gene name" or "gene names". */
export const repairWords: Readonly<Record<RepairKind, string>> = {
  spaces: "with spaces or quotes around",
  prefix: "with the name of a genome in front",
  version: "with an Ensembl version at the end",
  pair: "with both Ensembl id and symbol",
  dots: "with dots where the symbol has dashes",
  dates: "turned into a date by a spreadsheet",
  aliases: "known as previous or alias symbol",
  case: "in other capital and small letters"
};

/** A repair list, read: the kinds to take, and names that the caller has settled herself. */
export interface RepairWish {
  kinds: ReadonlySet<RepairKind>;
  /** Symbol of each name that was settled by `NAME=SYMBOL`. */
  settled: ReadonlyMap<string, string>;
}

/**
 * Reads what a person writes into the canonical list that `PipelineParameters.repair` holds: "certain" (or nothing), "all",
 * "none", or kinds and NAME=SYMBOL pairs with commas between, which are taken beside the certain ones. Throws a
 * WorkbookError of domain "usage", code "bad-option", for an unknown word.
 */
export function parseRepairs(text: string): string[] {
  const words = text.split(",").map((word) => word.trim());
  if (words.length === 1 && words[0] === "none") return [];
  const asked = new Set<string>(certainRepairs);
  const settled: string[] = [];
  for (const word of words) {
    if (word === "all") repairKinds.forEach((kind) => asked.add(kind));
    else if (/^[^=]+=[^=]+$/.test(word)) settled.push(word);
    else if ((repairKinds as readonly string[]).includes(word)) asked.add(word);
    else if (word !== "certain") throw unknownRepair(word);
  }
  return [...repairKinds.filter((kind) => asked.has(kind)), ...[...new Set(settled)].sort()];
}

/** The shortest text that `parseRepairs` reads as `repair`: "certain", "none", "all", or what goes beyond the certain kinds. */
export function formatRepairs(repair: readonly string[]): string {
  if (repair.length === 0) return "none";
  const beyond = repair.filter((word) => !(certainRepairs as readonly string[]).includes(word));
  if (beyond.length === 0) return "certain";
  const kinds = repairKinds.filter((kind) => repair.includes(kind));
  const all = kinds.length === repairKinds.length;
  return all ? ["all", ...beyond.filter((word) => word.includes("="))].join(",") : beyond.join(",");
}

/** The kinds and the settled names of a list as `parseRepairs` gives it. */
export function readRepairs(repair: readonly string[]): RepairWish {
  const pairs = repair.filter((word) => word.includes("=")).map((word) => word.split("=") as [string, string]);
  return {kinds: new Set(repairKinds.filter((kind) => repair.includes(kind))), settled: new Map(pairs)};
}

function unknownRepair(word: string): WorkbookError {
  return new WorkbookError({
    domain: "usage",
    code: "bad-option",
    fault: `gene names cannot be repaired by "${word}"`,
    remedy: `use none, all, certain, NAME=SYMBOL, or any of ${repairKinds.join(",")} with commas between`
  });
}
