import type {SpeciesGenes} from "../types.js";
import {knownSpecies} from "./known-species.js";
import {readsCapitals} from "./reads-capitals.js";
import {speciesCalled} from "./species-called.js";

/** A species that names of genes show, and by what. */
export interface SpeciesFinding {
  /** The model's name of it, where the model has it; else a display name ("mouse", "mouse or rat", "another species"). */
  species: string;
  /** True if it is one of the model's. */
  inModel: boolean;
  /** Names that show it, and the first of them. */
  genes: number;
  examples: string[];
  /** Share of the counts looked at that these genes carry, 0 to 1; null if it was not measured. */
  countShare: number | null;
  /** How they show it: beginnings of ids, a genome before the name, symbols of the model's list, or symbols of it in other letters. */
  by: "ids" | "genome" | "symbols" | "case";
}

/** What species the genes of a file are of: plain JSON. */
export interface RecognizedSpecies {
  /**
   * "one": the first of `found`. "several": all of `found`. "unclear": too few names tell, or two species of the model are not told
   * apart by them; `found` has what there is.
   */
  verdict: "one" | "several" | "unclear";
  /** The largest first. */
  found: SpeciesFinding[];
  /** Set where the ids of the same genes are of another species than the symbols. */
  ids: SpeciesFinding | null;
}

/** What `recognizeSpecies` may go by beside names. */
export interface SpeciesHints {
  /** Ids of the same genes (the file's index), where names are symbols. */
  ids?: readonly string[];
  /** Counts of each gene in a sample of cells. */
  columnSums?: Float64Array | null;
}

/** Share of the names that tell a species from which another is in the file too, and fewest names. */
const least = {share: 0.1, names: 3};
/** Names that are another name in other letters, from which a file has a second species: share of the names, and how many. */
const leastPairs = {share: 0.05, names: 20};

/**
 * Finds out of which species genes are, by `names` (one a column): a genome before more than half of them (mm10_Actb), or beginnings of
 * ids, or symbols, held against the lists of the model's species; what matches a list only in other letters is of a species that the
 * model lacks. Where symbols leave it open, `ids` decide. C1orf112 is human however it is written.
 */
export function recognizeSpecies(
  names: readonly string[],
  model: readonly SpeciesGenes[],
  {ids = [], columnSums = null}: SpeciesHints = {}
): RecognizedSpecies {
  const finding = findingMaker(names, model, columnSums);
  const marked = byMarks(names, "genome", finding) ?? byMarks(names, "ids", finding);
  if (marked !== null) return {...marked, ids: null};
  const bySymbol = bySymbols(names, model, finding);
  const byId = byMarks(ids, "ids", finding);
  if (byId === null || byId.verdict === "several") return {...bySymbol, ids: null};
  if (bySymbol.verdict === "unclear") return {...byId, ids: null};
  const [symbols] = bySymbol.found;
  const isOther = bySymbol.verdict === "one" && symbols.by === "symbols" && symbols.species !== byId.found[0].species;
  return {...bySymbol, ids: isOther ? byId.found[0] : null};
}

type Judged = Pick<RecognizedSpecies, "verdict" | "found">;
type MakeFinding = (
  species: string,
  columns: readonly number[],
  by: SpeciesFinding["by"],
  shown?: readonly string[]
) => SpeciesFinding;

/** Species that names are marked with; null unless more than half of them are. */
function byMarks(names: readonly string[], by: "ids" | "genome", finding: MakeFinding): Judged | null {
  const columns = new Map<string, number[]>();
  let marked = 0;
  names.forEach((name, column) => {
    const species = knownSpecies.find((known) => known[by]?.test(name) === true)?.name;
    if (species === undefined) return;
    ++marked;
    if (columns.has(species)) columns.get(species)!.push(column);
    else columns.set(species, [column]);
  });
  if (marked <= names.length / 2) return null;
  const found = [...columns]
    .map(([species, own]) => finding(species, own, by, names))
    .sort((a, b) => b.genes - a.genes);
  const main = found.filter(({genes}, i) => i === 0 || genes >= Math.max(least.names, least.share * marked));
  return {verdict: main.length > 1 ? "several" : "one", found: main};
}

function bySymbols(names: readonly string[], model: readonly SpeciesGenes[], finding: MakeFinding): Judged {
  const matches = model.map((list) => {
    const has = matcher(list);
    return {name: list.name, has, known: symbolsOf(list), columns: where(names, has)};
  });
  matches.sort((a, b) => b.columns.length - a.columns.length);
  const [best] = matches;
  const foreign = inCapitals(names, model) ?? otherLetters(names, best.known);
  const other = foreign.columns.length;
  if (other >= Math.max(least.names, least.share * names.length) && other > 2 * best.columns.length) {
    return {verdict: "one", found: [finding(foreign.species, foreign.columns, "case")]};
  }
  if (model.length > 1) return amongLists(names, matches, finding);
  const found = best.columns.length === 0 ? [] : [finding(best.name, best.columns, "symbols")];
  const present = new Set(names);
  const pairs = foreign.columns.filter((column) => present.has(names[column].toUpperCase()));
  if (pairs.length >= Math.max(leastPairs.names, leastPairs.share * names.length)) {
    return {verdict: "several", found: [...found, finding(foreign.species, foreign.columns, "case")]};
  }
  return {verdict: best.columns.length < least.names ? "unclear" : "one", found};
}

/**
 * Which of the model's species names are of: the list that has most of them, by a lead (human and macaque share most symbols); two, where
 * each has a tenth of the names for itself alone.
 */
function amongLists(
  names: readonly string[],
  matches: readonly {name: string; has: (name: string) => boolean; columns: number[]}[],
  finding: MakeFinding
): Judged {
  const [first, second] = matches;
  const holders = names.map((name) => matches.filter(({has}) => has(name)));
  const alone = matches
    .map(({name}) => ({name, columns: where(holders, (lists) => lists.length === 1 && lists[0].name === name)}))
    .filter(({columns}) => columns.length >= Math.max(least.names, least.share * first.columns.length))
    .sort((a, b) => b.columns.length - a.columns.length);
  const findings = (lists: readonly {name: string; columns: number[]}[]) =>
    lists.filter(({columns}) => columns.length > 0).map(({name, columns}) => finding(name, columns, "symbols"));
  if (alone.length > 1) return {verdict: "several", found: findings(alone)};
  const lead = first.columns.length - second.columns.length;
  const isTold = lead >= Math.max(least.names, 0.02 * first.columns.length);
  return isTold ? {verdict: "one", found: findings([first])} : {verdict: "unclear", found: findings(matches)};
}

function symbolsOf({genes}: SpeciesGenes): Set<string> {
  return new Set(genes.map(({symbol}) => symbol));
}

/**
 * Whether a name is one of a list's symbols. A list that has mouse symbols in capitals has the names that are written as mouse symbols are;
 * names in capitals are another species'.
 */
function matcher(list: SpeciesGenes): (name: string) => boolean {
  const known = symbolsOf(list);
  if (!readsCapitals(list)) return (name) => known.has(name);
  return (name) => name !== name.toUpperCase() && known.has(name.toUpperCase());
}

/** Names in capitals, for a model of one species that has its list in capitals and is written otherwise; else null. */
function inCapitals(
  names: readonly string[],
  model: readonly SpeciesGenes[]
): {species: string; columns: number[]} | null {
  if (model.length !== 1 || !readsCapitals(model[0])) return null;
  const known = symbolsOf(model[0]);
  return {species: "human, or another species written in capitals", columns: where(names, (name) => known.has(name))};
}

/** Names that match `known` in capitals only, and whose letters they are. */
function otherLetters(names: readonly string[], known: ReadonlySet<string>): {species: string; columns: number[]} {
  const columns = where(
    names,
    (name) => !known.has(name) && known.has(name.toUpperCase()) && !/^C(\d+|X|Y)ORF\d/i.test(name)
  );
  const titled = columns.filter((column) => /^[A-Z]/.test(names[column])).length;
  return {species: titled > columns.length / 2 ? "mouse or rat" : "zebrafish, frog or another species", columns};
}

function findingMaker(
  names: readonly string[],
  model: readonly SpeciesGenes[],
  columnSums: Float64Array | null
): MakeFinding {
  const total = columnSums?.reduce((sum, value) => sum + value, 0) ?? 0;
  return (species, columns, by, shown = names) => {
    const own = model.find(({name}) => name === species || speciesCalled(name)?.name === species);
    return {
      species: own?.name ?? species,
      inModel: own !== undefined,
      genes: columns.length,
      examples: columns.slice(0, 3).map((column) => shown[column]),
      countShare: total === 0 ? null : columns.reduce((sum, column) => sum + columnSums![column], 0) / total,
      by
    };
  };
}

function where<Item>(items: readonly Item[], test: (item: Item) => boolean): number[] {
  return items.flatMap((item, i) => (test(item) ? [i] : []));
}
