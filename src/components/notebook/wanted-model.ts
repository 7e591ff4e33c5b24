import type {GeneOrigin, ModelOrder} from "../runtime/browser/model-protocol.js";

/** A model that was asked for from an address, and is not whole yet: enough to go on after a reload. */
export interface UnfinishedModel {
  title: string;
  address: string;
  hosts: readonly string[];
  species: readonly string[];
  /** Revision that was asked for; absent for the main one. */
  revision?: string;
  /** Address of the gene dictionary; absent for the human table and for a file. */
  dictionary?: string;
  /** True where a gene dictionary from disk was given, which has to be given again. */
  needsDictionary: boolean;
}

const key = "workbook-unfinished-model";

/** The model that was being fetched when a page was left; null for none, or where nothing can be kept. */
export function unfinishedModel(): UnfinishedModel | null {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null") as Partial<UnfinishedModel> | null;
    return typeof found?.address === "string" && typeof found.title === "string" ? (found as UnfinishedModel) : null;
  } catch {
    return null;
  }
}

/** Remembers an order until it is done (null: forgets it). Files of a disk have to be given again, and are not remembered. */
export function rememberOrder(title: string | null, order?: ModelOrder): void {
  try {
    if (title === null || order === undefined || "files" in order.from) return localStorage.removeItem(key);
    const {address, hosts = [], revision} = order.from;
    const {genes} = order;
    const needsDictionary = isFile(order.genes);
    const more = {...(revision !== undefined && {revision}), ...(hasAddress(genes) && {dictionary: genes.address})};
    const unfinished: UnfinishedModel = {title, address, hosts, species: order.species, needsDictionary, ...more};
    localStorage.setItem(key, JSON.stringify(unfinished));
  } catch {
    // A private window may deny storage: what was fetched is then found again by the address alone.
  }
}

const isFile = (genes: GeneOrigin): boolean => genes !== null && "file" in genes;
const hasAddress = (genes: GeneOrigin): genes is {address: string} => genes !== null && "address" in genes;

/** What was said of the genes of a model that was not finished, for the question that is asked again. */
export function genesBefore(before: UnfinishedModel | null): {
  species?: readonly string[];
  dictionary?: {address: string};
} {
  if (before === null) return {};
  const {species, dictionary} = before;
  return {species, ...(dictionary !== undefined && {dictionary: {address: dictionary}})};
}
