// What the suite runs: jobs, each of which opens the model once in one way and times it at several shapes.
import type {BenchBackend, BenchNumbers, BenchRow, BenchWay} from "../../src/components/core/bench/bench-run.js";

export interface Job {
  way: BenchWay;
  backend: BenchBackend;
  numbers: BenchNumbers;
  threads: number | null;
  level: "all" | "basic" | "disabled" | null;
  shapes: {batch: number; length: number}[];
  /** Tokens of the sentences that are compared with the reference; short ones where a cell takes seconds. */
  compared: number;
  /** Milliseconds that a shape may take, beside its least number of calls. */
  budget: number;
}

/** Cells in many calls of one batch, to see whether rate and memory stay. */
export interface LongJob {
  job: Job;
  cells: number;
  piece: number;
}

/** What a page or a child process tells, a JSON object a line. */
export type Told =
  | {kind: "row"; row: BenchRow}
  | {kind: "gpu"; name: string; arithmetics: string[]; browser: string}
  | {kind: "piece"; what: string; cells: number; ms: number}
  | {kind: "done"};

/** An opened model: unit vectors of sentences that are given as rows of the table. */
export interface OpenModel {
  run(rows: Int32Array<ArrayBuffer>, batch: number, length: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Sentences that are compared with the reference. */
export const comparedCells = 8;

/** What a page reads from /plan.json. */
export interface BrowserPlan {
  jobs: Job[];
  long: LongJob | null;
}
