import type {CellSelection} from "../core/cells/select-rows.js";
import type {QualityThresholds} from "../core/cells/quality-filter.js";

/** A choice of cells as an address has it: "all", "random-N-SEED", "stratified-N-SEED-COLUMN". */
export function cellsToText(cells: CellSelection): string {
  if (cells.mode === "all") return "all";
  return `${cells.mode}-${cells.n}-${cells.seed}${cells.mode === "stratified" ? `-${cells.column}` : ""}`;
}

/** The choice that a text means; undefined if it means none. */
export function cellsFromText(text: string): CellSelection | undefined {
  if (text === "all") return {mode: "all"};
  const [, mode, n, seed, column] = /^(random|stratified)-([1-9]\d{0,8})-(\d{1,10})(?:-(.+))?$/.exec(text) ?? [];
  if (mode === "random" && column === undefined) return {mode, n: Number(n), seed: Number(seed)};
  if (mode === "stratified" && column !== undefined) return {mode, n: Number(n), seed: Number(seed), column};
  return undefined;
}

/** Quality thresholds as an address has them: counts, genes, mitochondrial share, "500,200,0.1", empty for none; null for none at all. */
export function thresholdsToText({minCounts, minGenes, maxMito}: QualityThresholds): string | null {
  const all = [minCounts, minGenes, maxMito];
  return all.every((value) => value === null) ? null : all.map((value) => value ?? "").join(",");
}

/** The thresholds that a text means; undefined if it means none. */
export function thresholdsFromText(text: string): QualityThresholds | undefined {
  const parts = text.split(",").map((part) => (part === "" ? null : Number(part)));
  const [minCounts, minGenes, maxMito] = parts;
  if (parts.length !== 3 || parts.some((part) => part !== null && !(part >= 0))) return undefined;
  return {minCounts, minGenes, maxMito};
}
