import {isWorkbookError} from "../errors.js";
import {columnAsText} from "./column.js";
import type {Frame} from "./frame.js";

/** Features of one kind that are not genes. */
export interface LeftOutFeatures {
  /** As the file calls them ("Antibody Capture"). */
  type: string;
  /** Features of that type. */
  count: number;
}

/** Which features of a table are genes: what is read of its matrices. */
export interface Features {
  /** Features that the table lists; matrices have so many columns as stored. */
  total: number;
  /** Positions of the genes among them, ascending; null: all features are genes. */
  genes: Int32Array | null;
  /** What is left out, in the order in which it first occurs. */
  leftOut: LeftOutFeatures[];
  /** Index into `leftOut` of each feature, -1 for genes; null where all are genes. */
  kindOf: Int32Array | null;
  /** Column that says so ("var/feature_types"); null where no column does. */
  source: string | null;
  /** The column of types that could not be read, and why: which features are genes is unknown then, so nothing may be computed of them. */
  fault: {place: string; fault: string} | null;
}

/** Columns that say what a feature is, without case and separators; of `typed` also values that are not known are believed. */
const typed = new Set(["featuretypes", "featuretype", "modality", "modalities"]);
const loose = new Set(["type", "types", "assay", "kind"]);

/** What calls itself so is measured RNA, and whatever stands beside it in such a column is something else. */
const geneExpression = /^(gene[ _-]?expression|gex|m?rna)$/i;
/** Kinds of features beside gene expression, as Cell Ranger, Space Ranger, Xenium, muon, scvi-tools and Seurat call them. */
const otherKinds = new RegExp(
  "^(" +
    [
      "antibod(y|ies)([ _-]?(capture|derived[ _-]?tags?))?",
      "adts?|htos?|cmos?|prot|proteins?([ _-]?expression)?|surface[ _-]?proteins?",
      "antigen([ _-]?capture)?",
      "crispr([ _-]?guides?)?([ _-]?capture)?|(sg|g)?rna[ _-]?guides?|guides?([ _-]?rnas?)?|sgrnas?|grnas?",
      "(cell[ _-]?)?multiplexing([ _-]?(capture|tags?|oligos?))?|hash(tags?|ing)([ _-]?(capture|oligos?))?",
      "peaks?|atac|chromatin[ _-]?accessibility",
      "custom",
      "(negative[ _-]control|blank|unassigned|deprecated)[ _-]?(probes?|codewords?)?|genomic[ _-]control"
    ].join("|") +
    ")$",
  "i"
);

/**
 * Reads which of the `total` features of a table are genes. A column of feature types (`feature_types`, `modality` and their
 * usual spellings; Cell Ranger's format) leaves out what it says is not gene expression: types of known names, and beside
 * "Gene Expression" every other type. A feature without a type is a gene. A column that holds something else
 * (biotypes: "protein_coding") decides nothing. `axis` names the table. A column that cannot be read is told in `fault`, unless another
 * one tells; thrown is only what is no fault of the file (domain "storage").
 */
export function findFeatures(frame: Frame, axis: string, total: number): Features {
  const all: Features = {total, genes: null, leftOut: [], kindOf: null, source: null, fault: null};
  let source: string | null = null;
  for (const name of columnNames(frame, all)) {
    const plain = name.toLowerCase().replace(/[^a-z]/g, "");
    if (!typed.has(plain) && !loose.has(plain)) continue;
    const types = readTypes(frame, name, total);
    if (typeof types === "string") {
      if (typed.has(plain)) all.fault ??= {place: `${frame.place}/${name}`, fault: types};
      continue;
    }
    const isOther = otherTypes(types, typed.has(plain));
    if (isOther.size > 0) return {...withoutTypes(types, isOther), source: `${axis}/${name}`};
    if (types.some((type) => type !== null && geneExpression.test(type.trim()))) source ??= `${axis}/${name}`;
  }
  return source === null ? all : {...all, source, fault: null};
}

/** The features of a table that says nothing itself, after one of the same file that does: those of the same names (`others`) are left out. */
export function featuresByName(
  names: readonly string[],
  others: ReadonlyMap<string, string>,
  source: string
): Features {
  const types = names.map((name) => others.get(name) ?? null);
  return {...withoutTypes(types, new Set(others.values())), source};
}

function columnNames(frame: Frame, told: Pick<Features, "fault">): string[] {
  try {
    return frame.columns().map(({name}) => name);
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    told.fault = {place: frame.place, fault: error.details.fault};
    return [];
  }
}

function readTypes(frame: Frame, name: string, total: number): (string | null)[] | string {
  try {
    const types = columnAsText(frame.column(name));
    return types.length === total ? types : `it has ${types.length} values for ${total} features`;
  } catch (error) {
    if (!isWorkbookError(error) || error.details.domain === "storage") throw error;
    return error.details.fault;
  }
}

function otherTypes(types: readonly (string | null)[], believed: boolean): Set<string> {
  const values = new Set(types.filter((type): type is string => !isMissing(type)));
  const hasExpression = [...values].some((value) => geneExpression.test(value.trim()));
  const isOther = (value: string): boolean =>
    otherKinds.test(value.trim()) || (believed && hasExpression && !geneExpression.test(value.trim()));
  return new Set(believed || hasExpression ? [...values].filter(isOther) : []);
}

function withoutTypes(types: readonly (string | null)[], isOther: ReadonlySet<string>): Omit<Features, "source"> {
  const leftOut: LeftOutFeatures[] = [];
  const kindOf = Int32Array.from(types, (type) => {
    if (type === null || !isOther.has(type)) return -1;
    let kind = leftOut.findIndex((known) => known.type === type);
    if (kind < 0) kind = leftOut.push({type, count: 0}) - 1;
    leftOut[kind].count++;
    return kind;
  });
  const genes = Int32Array.from(types.keys()).filter((i) => kindOf[i] < 0);
  if (leftOut.length === 0) return {total: types.length, genes: null, leftOut, kindOf: null, fault: null};
  return {total: types.length, genes, leftOut, kindOf, fault: null};
}

function isMissing(value: string | null): boolean {
  return value === null || value.trim() === "" || /^(nan|na|none)$/i.test(value.trim());
}
