import type {BenchMachine} from "./bench-run.js";

/** Milliseconds a cell of a batch: median, least and largest of so many calls. */
export interface FamilyPace {
  batch: number;
  ms: number;
  least: number;
  most: number;
  calls: number;
}

/** What our kernels did in one arithmetic on a graphics card. */
export interface FamilyRow {
  arithmetic: string;
  /** Milliseconds from the store to weights on the device, and the first call with its pipelines. */
  openMs: number;
  firstMs: number;
  /** To the float32 vectors of the stored weights; another cell's beside it; and whether the self-test passed. */
  relativeError: number;
  control: number;
  passed: boolean;
  limit: number;
  paces: FamilyPace[];
  cells: {count: number; batch: number; msPerCell: number};
  /** Bytes of the largest buffer on the device, and of all together at most. */
  largestBuffer: number;
  deviceBytes: number;
}

/** One way on the processor, in Node. */
export interface ProcessorRow {
  name: string;
  /** Of all files of the bundle. */
  bytes: number;
  /** Milliseconds a cell by the clock, and the processor's time divided by the threads: what it would be if nothing else ran. */
  ms: number;
  processorMs: number;
  /** With what vectors it was compared, how far it is from them, and the mean cosine. */
  comparedWith: string;
  relativeError: number;
  cosine: number;
}

/** What one model of the original UCE's shape did. */
export interface FamilyModel {
  layers: number;
  /** Of all files of the 4-bit bundle, and of the largest. */
  bytes: number;
  largestFile: number;
  threads: number;
  processor: ProcessorRow[];
  rows: FamilyRow[];
  /** Resident memory in MB: the tab at most, while the bundle came and in all; null where there was no browser. */
  tabWhileAdding: number | null;
  tabPeak: number | null;
}

/** A run of tests/bench/family.ts. */
export interface FamilyRun {
  date: string;
  command: string;
  machine: BenchMachine;
  /** Tokens of a sentence. */
  length: number;
  models: FamilyModel[];
}
