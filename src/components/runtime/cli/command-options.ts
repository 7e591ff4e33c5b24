import {certainRepairs} from "../../core/repair-kinds.js";

/** One option of a command, as help shows it and as the parser checks it. */
export interface OptionSpec {
  /** Placeholder of its value in help; absent for a switch. */
  value?: string;
  help: string;
  required?: boolean;
  /** Values allowed, where they are few. */
  choices?: readonly string[];
}

/** One command: what it takes and what help says of it. */
export interface CommandSpec {
  /** Placeholder of its one positional argument; null for a command that takes none. */
  argument: string | null;
  /** True for a command that takes several of them. */
  several?: true;
  summary: string;
  options: Record<string, OptionSpec>;
  example: string;
}

/** Where a table is written. */
export const out: OptionSpec = {
  value: "FILE",
  help: "where to write the result; appears complete or not at all",
  required: true
};
/** Facts as JSON. */
export const json: OptionSpec = {help: "print the facts of the run as JSON on standard output"};
/** Which model. */
export const model: OptionSpec = {value: "DIR", help: "folder of a model bundle (default: the embedded model)"};
/** Which cells. */
export const rows: OptionSpec = {
  value: "A-B",
  help: "cells A to B of the file, zero-based, both included (default: all)"
};
/** Which matrix. */
export const matrix: OptionSpec = {
  value: "NAME",
  help: "X, raw/X, layers/NAME, or recovered:ln:NAME: counts recovered from logarithms (also log2, log10, scale); default: the one that holds counts (inspect shows which and why)"
};
/** Where gene symbols stand. */
export const genes: OptionSpec = {
  value: "COLUMN",
  help: "var column that holds the gene symbols (default: found as inspect says)"
};
/** Which species. */
export const species: OptionSpec = {
  value: "NAME",
  help: "the model's species that the genes are read as (default: recognized by the gene names; inspect shows how)"
};
/** Which repairs of gene names. */
export const repair: OptionSpec = {
  value: "KINDS",
  help: `repairs of gene names: certain (${certainRepairs.join(",")}: the symbol stands in the name; default), none (names as they are), all, or what to take beside the certain ones, with commas: dots,dates,aliases,case or NAME=SYMBOL (inspect shows what each would bring)`
};
/** How genes are drawn. */
export const sampling: OptionSpec = {
  value: "HOW",
  help: "reference (as UCE-brain draws genes; default) or low-variance (the same expectation, less noise)",
  choices: ["reference", "low-variance"]
};

/** Where seeds come from. */
export const seeds: OptionSpec = {
  value: "RULE",
  help: "row (the cell's row in the file, as UCE-brain; default) or name (hash of the cell's name: not the reference, but stays when the file is put in another order)",
  choices: ["row", "name"]
};

/** Several files as one data set. */
export const join: OptionSpec = {help: "several files as one data set, as embed --join reads them"};
