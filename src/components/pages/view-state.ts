import type {CellSelection} from "../core/cells/select-rows.js";
import {formatRepairs, parseRepairs} from "../core/repair-kinds.js";
import {defaultParameters, type PipelineParameters} from "../core/parameters.js";
import type {BackendChoice} from "../runtime/browser/protocol.js";
import type {LabelOrigin} from "../views/label-origin.js";

/** What a link to a view holds: which data, how they are computed, and what is looked at. */
export interface ViewState extends PipelineParameters {
  /** "demo", or the identity of a local file (`fileIdentity`). */
  data: string;
  /** Name of the local file, to ask for it by; null for the demo. */
  name: string | null;
  /** The cells chosen; null leaves it to the page: all, unless the workbook proposes fewer of a large file. */
  cells: CellSelection | null;
  backend: BackendChoice;
  /** What colors the maps: "obs:NAME" or "gene:SYMBOL"; null leaves it to the page. */
  color: string | null;
  /** Row of the cell that is looked at; null leaves it to the page. */
  cell: number | null;
  /** Quality thresholds of cells, null for none: smallest total count, smallest number of genes, largest mitochondrial share (0 to 1). */
  minCounts: number | null;
  minGenes: number | null;
  maxMito: number | null;
  /** obs columns of labels and of batches that scores are taken by; null leaves the labels to the page, and names no batches. */
  labels: string | null;
  batches: string | null;
  /** Where the labels come from, as far as the visitor knows. */
  origin: LabelOrigin;
}

/** The view of a page that was opened without a link. */
export const defaultView: ViewState = {
  ...defaultParameters,
  data: "demo",
  name: null,
  cells: null,
  backend: "auto",
  color: null,
  cell: null,
  minCounts: null,
  minGenes: null,
  maxMito: null,
  labels: null,
  batches: null,
  origin: "unknown"
};

/** How a field of the view is written in an address: its name there, and both ways. */
interface Codec<Value> {
  name: string;
  write(value: Value): string;
  /** The value, or undefined for text that means none. */
  read(text: string): Value | undefined;
}

const text = <Value extends string | null>(name: string): Codec<Value> => ({
  name,
  write: String,
  read: (value) => (value === "" ? undefined : (value as Value))
});
const choice = <Value extends string>(name: string, values: readonly Value[]): Codec<Value> => ({
  name,
  write: String,
  read: (value) => values.find((known) => known === value)
});
const number = <Value extends number | null>(
  name: string,
  lowest: number,
  highest: number,
  whole = true
): Codec<Value> => ({
  name,
  write: String,
  read(value) {
    const found = Number(value);
    return value.trim() !== "" && found >= lowest && found <= highest && (!whole || Number.isInteger(found))
      ? (found as Value)
      : undefined;
  }
});

const largest = 2 ** 31 - 1;

function repairsOf(text: string): readonly string[] | undefined {
  try {
    return parseRepairs(text);
  } catch {
    return undefined;
  }
}

const codecs: {[Key in keyof ViewState]: Codec<ViewState[Key]>} = {
  data: text("data"),
  name: text("name"),
  matrix: text("matrix"),
  geneColumn: text("genes"),
  repair: {name: "repair", write: formatRepairs, read: repairsOf},
  cells: {name: "cells", write: writeCells, read: readCells},
  backend: choice("backend", ["auto", "webgpu", "wasm"]),
  sampling: choice("sampling", ["reference", "low-variance"]),
  seeds: choice("seeds", ["row", "name"]),
  average: number("average", 1, 64),
  neighbors: number("neighbors", 2, 200),
  minDist: number("min_dist", 0, 1, false),
  seed: number("seed", 0, largest),
  epochs: number("epochs", 1, 10_000),
  color: text("color"),
  cell: number("cell", 0, largest),
  minCounts: number("min_counts", 0, largest),
  minGenes: number("min_genes", 0, largest),
  maxMito: number("max_mito", 0, 1, false),
  labels: text("labels"),
  batches: text("batches"),
  origin: choice("origin", ["clustering", "markers", "expert", "unknown"])
};
const keys = Object.keys(codecs) as (keyof ViewState)[];

/**
 * The view that an address holds (`location.search`). What it does not name, or names with a value that means nothing,
 * is as in `defaultView`; names that are not the view's are left alone.
 */
export function viewFromAddress(search: string): ViewState {
  const asked = new URLSearchParams(search);
  const view = {...defaultView};
  for (const key of keys) take(view, key, asked);
  return view;
}

/** The query of the view's address ("" or "?..."): only what differs from `defaultView`; names in `search` that are not the view's stay. */
export function viewToAddress(view: ViewState, search = ""): string {
  const asked = new URLSearchParams(search);
  for (const key of keys) put(view, key, asked);
  const query = asked.toString();
  return query === "" ? "" : `?${query}`;
}

function take<Key extends keyof ViewState>(view: ViewState, key: Key, asked: URLSearchParams): void {
  const given = asked.get(codecs[key].name);
  const value = given === null ? undefined : codecs[key].read(given);
  if (value !== undefined) view[key] = value;
}

function put<Key extends keyof ViewState>(view: ViewState, key: Key, asked: URLSearchParams): void {
  const {name, write} = codecs[key];
  const same = JSON.stringify(view[key]) === JSON.stringify(defaultView[key]);
  if (same || view[key] === null) asked.delete(name);
  else asked.set(name, write(view[key]));
}

/** "all", "random-N-SEED", "stratified-N-SEED-COLUMN". */
function writeCells(cells: CellSelection | null): string {
  if (cells === null || cells.mode === "all") return "all";
  return `${cells.mode}-${cells.n}-${cells.seed}${cells.mode === "stratified" ? `-${cells.column}` : ""}`;
}

function readCells(value: string): CellSelection | undefined {
  if (value === "all") return {mode: "all"};
  const [, mode, n, seed, column] = /^(random|stratified)-([1-9]\d{0,8})-(\d{1,10})(?:-(.+))?$/.exec(value) ?? [];
  if (mode === "random" && column === undefined) return {mode, n: Number(n), seed: Number(seed)};
  if (mode === "stratified" && column !== undefined) return {mode, n: Number(n), seed: Number(seed), column};
  return undefined;
}
