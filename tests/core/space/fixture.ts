import {readFileSync} from "node:fs";
import type {CsrBlock} from "../../../src/components/core/types.js";

interface Components {
  scores: number[];
  variance: number[];
  totalVariance: number;
}

interface Agreement {
  count: number;
  accuracy: number;
  macroRecall: number;
  confusion: number[];
  majority: number;
  excluded: number[];
}

interface Mixing {
  observed: number;
  expected: number;
  classes: {label: number; cells: number; observed: number; expected: number}[];
}

interface SpaceFixture {
  width: number;
  classes: number;
  vectors: number[];
  labels: number[];
  batches: number[];
  plane: number[];
  neighbors: Record<"cosine" | "euclidean", {indices: number[]; distances: number[]}>;
  trustworthiness: Record<"cosine" | "euclidean", Record<string, number>>;
  agreement: {plain: Agreement; acrossBatches: Agreement};
  mixing: {all: Mixing; withinClass: Mixing};
  spread: {meanCosine: number; norm: {min: number; mean: number; max: number}};
  components: Components;
  umapLearn: {trustworthiness: number; ab: [spread: number, minDist: number, a: number, b: number][]};
}

interface CountsFixture extends Components {
  cells: number;
  genes: number;
  indptr: number[];
  indices: number[];
  values: number[];
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../fixtures/space/${name}.json`, import.meta.url), "utf8")) as T;
}

/** What tests/reference/space.py computed; typed arrays of it beside. */
export const space = read<SpaceFixture>("space");
export const vectors = Float32Array.from(space.vectors);
export const plane = Float32Array.from(space.plane);
export const labels = Int32Array.from(space.labels);
export const batches = Int32Array.from(space.batches);

export const counts = read<CountsFixture>("counts");
export const countsBlock: CsrBlock = {
  rows: Int32Array.from({length: counts.cells}, (_, i) => i),
  nCols: counts.genes,
  indptr: Int32Array.from(counts.indptr),
  indices: Int32Array.from(counts.indices),
  values: Float32Array.from(counts.values)
};
