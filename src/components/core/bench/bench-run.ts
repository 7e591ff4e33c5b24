/** Where a row's arithmetic ran: WebGPU or WebAssembly in a browser, onnxruntime's CPU or WebAssembly in Node, PyTorch on a CUDA device or a CPU. */
export type BenchBackend = "webgpu" | "wasm" | "node-cpu" | "node-wasm" | "cuda" | "torch-cpu";

/**
 * How the model was run: our own kernels, our graph through onnxruntime, the seed project's configuration rebuilt (exported graph, unfused
 * attention, 5,120-wide input), or PyTorch.
 */
export type BenchWay = "kernels" | "onnxruntime" | "seed" | "pytorch";

/**
 * Numbers that products are made of. "matrix" is float16 with float32 sums on matrix units, "blocks8" 8-bit weights in blocks of 32
 * (MatMulNBits), "dynamic8" weights and activations in 8 bit with a scale found in each call (MatMulInteger).
 */
export type BenchNumbers = "float32" | "tf32" | "float16" | "matrix" | "blocks8" | "dynamic8";

/** Times of one kind, in milliseconds: how many there are, their median, least and largest. */
export interface Spread {
  n: number;
  median: number;
  low: number;
  high: number;
}

/** What comparing a row's vectors with float32's showed (docs/model.md, "Fidelity"). */
export interface BenchCheck {
  /** Error against the spread between cells; 0 is equal, another cell's vector gives about 1.3. Null where a vector is no number. */
  error: number | null;
  /** Largest error that passes. */
  limit: number;
  /** The same comparison with each vector held against the next cell's: must be far above the limit. */
  control: number | null;
  /** Sentences that were compared, and the tokens of each. */
  cells: number;
  length: number;
  passed: boolean;
}

/** One configuration, timed. */
export interface BenchRow {
  way: BenchWay;
  backend: BenchBackend;
  numbers: BenchNumbers;
  /** Sentences a call, and tokens of each. */
  batch: number;
  length: number;
  /** Threads of the arithmetic; null on a GPU. */
  threads: number | null;
  /** onnxruntime's graph optimization level ("all", "basic", "disabled"), "compiled" for PyTorch that was; null for neither. */
  level: string | null;
  /** Milliseconds a cell, readback of the vectors included; null where it could not be run. */
  ms: Spread | null;
  /** Milliseconds to open the model and of the first call, both once; null where they were not measured. */
  cold: {open: number; first: number} | null;
  /** Null where vectors were not compared; then `note` says why. */
  check: BenchCheck | null;
  /** Largest resident memory of the program in MB up to this row; null where it cannot be asked. */
  memory: number | null;
  /** What went wrong, or what the reader must know; null for nothing. */
  note: string | null;
}

/** A stage's own time for one cell. */
export interface StageTime {
  /** "load", "normalize", "sample", "embed", "umap". */
  stage: string;
  /** What was done, in words. */
  what: string;
  /** Where. */
  backend: BenchBackend;
  /** Milliseconds a cell; n is the number of repeats. */
  ms: Spread;
  cells: number;
}

/** Part of a cold start, in the order in which they begin; parallel parts overlap. */
export interface ColdPart {
  name: string;
  ms: number;
  /** Bytes that were read, where it reads some. */
  bytes: number | null;
}

/** All cells of a long run, in equal pieces in their order. */
export interface LongRun {
  /** Where and how. */
  what: string;
  cells: number;
  /** Milliseconds a cell of each piece, and memory in MB at its end (null where it cannot be asked). */
  pieces: {cells: number; ms: number; memory: number | null}[];
}

/** Cells from file to vector, against the encoder alone. */
export interface EndToEnd {
  what: string;
  cells: number;
  /** Milliseconds of the whole, and of the model's calls in it. */
  total: number;
  encoder: number;
}

/** The machine that a run was made on; null for what is not known. */
export interface BenchMachine {
  processor: string | null;
  cores: number;
  memoryGB: number | null;
  gpu: string | null;
  system: string | null;
  /** What else ran there, which times depend on; null for nothing that is known. */
  load: string | null;
}

/** One run of the suite: everything needed to judge its figures. */
export interface BenchRun {
  format: "uce-workbook-bench";
  formatVersion: 1;
  /** ISO 8601. */
  date: string;
  command: string;
  machine: BenchMachine;
  /** Program by name ("Node", "Chromium", "onnxruntime-web"), its version. */
  versions: Record<string, string>;
  model: {name: string; layers: number; width: number; heads: number; trained: boolean};
  rows: BenchRow[];
  stages: StageTime[];
  cold: {what: string; parts: ColdPart[]}[];
  endToEnd: EndToEnd[];
  long: LongRun[];
  /** Files that a visitor's browser fetches, in bytes as sent without compression. */
  downloads: {name: string; bytes: number}[];
}
