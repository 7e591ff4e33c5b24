import {productRate} from "../../core/bench/product-rate.js";
import {processorThreads} from "./processor-threads.js";

const key = "workbook-ms-per-cell";

/** Models whose pace is remembered: those that ran last. */
const mostPaces = 12;

/** Milliseconds a sentence that the model took here last time (a cell has one, or as many as are averaged); null if it has not run in this browser, or nothing can be kept. */
export function rememberedPace(modelHash: string): number | null {
  return paces().find(([hash]) => hash === modelHash)?.[1] ?? null;
}

/** Keeps the measured pace of a model for the next visit; quietly does nothing where storage is denied. */
export function rememberPace(modelHash: string, msPerSentence: number): void {
  const others = paces().filter(([hash]) => hash !== modelHash);
  try {
    const all = [[modelHash, Number(msPerSentence.toPrecision(3))], ...others];
    localStorage.setItem(key, JSON.stringify(all.slice(0, mostPaces)));
  } catch {
    // A private window may deny storage: the estimate is then missing, nothing else.
  }
}

function paces(): [hash: string, ms: number][] {
  try {
    const all = JSON.parse(localStorage.getItem(key) ?? "[]") as unknown;
    return (Array.isArray(all) ? all : []).filter(
      (one): one is [string, number] => Array.isArray(one) && typeof one[0] === "string" && one[1] > 0
    );
  } catch {
    return [];
  }
}

const comparisonKey = "workbook-ms-per-compared-cell";

/** Milliseconds a cell for components, neighbors and layout of 20,000 cells of about 600 genes (docs/maps.md). */
const measuredComparison = 0.8;
/** Of fewer cells the beginning would decide. */
const leastCompared = 2000;

/** Milliseconds a cell that a map of principal components took here last time; as measured elsewhere if none was made in this browser. */
export function rememberedComparison(): number {
  try {
    const ms = Number(localStorage.getItem(comparisonKey));
    return ms > 0 ? ms : measuredComparison;
  } catch {
    return measuredComparison;
  }
}

/** Keeps how long a map of principal components of some cells took, if they were many enough to tell. */
export function rememberComparison(cells: number, ms: number): void {
  if (cells < leastCompared) return;
  try {
    localStorage.setItem(comparisonKey, (ms / cells).toPrecision(3));
  } catch {
    // As above.
  }
}

const productKey = "workbook-product-rate";
let measuredRate: number | null = null;

/**
 * Operations a second of one thread in a product of matrices (`productRate`), measured once in this browser for some hundredths of a second and kept; and the
 * threads that a model would have. Null where this browser cannot do such a product.
 */
export function processorRate(): {rate: number; threads: number} | null {
  const threads = processorThreads();
  try {
    measuredRate ??= keptRate() ?? keepRate(productRate());
    return {rate: measuredRate, threads};
  } catch {
    return null;
  }
}

function keptRate(): number | null {
  try {
    const kept = Number(localStorage.getItem(productKey));
    return kept > 0 ? kept : null;
  } catch {
    return null;
  }
}

function keepRate(rate: number): number {
  try {
    localStorage.setItem(productKey, rate.toPrecision(3));
  } catch {
    // As above.
  }
  return rate;
}
