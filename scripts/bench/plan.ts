// Which configurations the suite runs on a machine.
import type {Job, LongJob} from "./job.js";

export interface PlanOptions {
  quick: boolean;
  /** Cores of the machine. */
  cores: number;
  /** "real" is a graphics card, "imitated" one on the processor, which is tried with --quick only. */
  gpu: "real" | "imitated" | "none";
  /** Parts that are wanted ("node", "wasm", "webgpu", "torch", "stages"); null for all. */
  only: readonly string[] | null;
  /** Cells of the long run. */
  cells: number;
}

export interface Plan {
  /** Jobs in Node, one process a list. */
  node: Job[][];
  /** Jobs in Chromium, one browser a list. */
  browser: Job[][];
  long: LongJob | null;
  torch: boolean;
  stages: boolean;
}

const defaults = {level: "all" as const, budget: 4000};
const shapesOf = (length: number, ...batches: number[]) => batches.map((batch) => ({batch, length}));

/** Tokens of a usual sentence. */
const longest = (quick: boolean): number => (quick ? 96 : 1072);

export function benchPlan(options: PlanOptions): Plan {
  const {only, quick, gpu, cells} = options;
  const wants = (part: string) => only === null || only.includes(part);
  const long = longest(quick);
  const matrix: Job = {
    ...{way: "kernels", backend: "webgpu", numbers: gpu === "real" ? "matrix" : "float32"},
    ...{threads: null, level: null, shapes: shapesOf(long, quick ? 4 : 64), compared: long, budget: 0}
  };
  const runsGpu = wants("webgpu") && (gpu === "real" || (gpu === "imitated" && quick));
  return {
    node: wants("node") ? nodeJobs(options, long) : [],
    browser: [...(runsGpu ? [gpuJobs(options, long)] : []), ...(wants("wasm") ? wasmJobs(options, long) : [])],
    long: runsGpu && cells > 0 ? {job: matrix, cells, piece: Math.max(1, cells / 10)} : null,
    torch: wants("torch"),
    stages: wants("stages")
  };
}

/** 1, 4 and 10 threads, or what there is. */
function threadCounts(cores: number): number[] {
  return [...new Set([1, 4, 10].map((count) => Math.min(count, cores)))];
}

function nodeJobs({quick, cores}: PlanOptions, long: number): Job[][] {
  const cpu = {...defaults, backend: "node-cpu" as const, compared: quick ? 48 : 128};
  const one = shapesOf(long, 1);
  const lists = threadCounts(cores).map((threads): Job[] => {
    const isMost = threads === Math.max(...threadCounts(cores));
    const shapes = isMost && !quick ? [...shapesOf(long, 1, 4), ...shapesOf(128, 1), ...shapesOf(2048, 1)] : one;
    const jobs: Job[] = [
      {...cpu, way: "onnxruntime", numbers: "float32", threads, shapes},
      {...cpu, way: "seed", numbers: "float32", threads, shapes: isMost && !quick ? [...one, ...shapesOf(128, 1)] : one}
    ];
    if (!isMost) return jobs;
    return [
      ...jobs,
      {...cpu, way: "onnxruntime", numbers: "blocks8", threads, shapes: one},
      {...cpu, way: "seed", numbers: "dynamic8", threads, shapes: one},
      ...(quick ? (["disabled"] as const) : (["basic", "disabled"] as const)).flatMap((level): Job[] => [
        {...cpu, way: "seed", numbers: "float32", threads, level, shapes: one},
        {...cpu, way: "onnxruntime", numbers: "float32", threads, level, shapes: one}
      ])
    ];
  });
  const wasm = {...cpu, backend: "node-wasm" as const};
  const nodeWasm = [...new Set([1, Math.min(4, cores)])].map((threads): Job[] => [
    {...wasm, way: "onnxruntime", numbers: "float32", threads, shapes: one},
    ...ownJobs(wasm, threads, long)
  ]);
  return [...lists, ...nodeWasm];
}

function wasmJobs({quick, cores}: PlanOptions, long: number): Job[][] {
  const wasm = {...defaults, backend: "wasm" as const, compared: quick ? 48 : 128, budget: 3000};
  const one = shapesOf(long, 1);
  const counts = threadCounts(cores);
  return counts.map((threads): Job[] => {
    const jobs: Job[] = [
      {...wasm, way: "onnxruntime", numbers: "float32", threads, shapes: one},
      ...ownJobs(wasm, threads, long)
    ];
    if (threads !== counts[Math.min(1, counts.length - 1)]) return jobs;
    return [
      ...jobs,
      {...wasm, way: "onnxruntime", numbers: "blocks8", threads, shapes: one},
      ...ownJobs(wasm, threads, long, "blocks8"),
      {...wasm, way: "seed", numbers: "float32", threads, shapes: one},
      {...wasm, way: "seed", numbers: "dynamic8", threads, shapes: one}
    ];
  });
}

/** Our own functions on the processor: one cell, and as many as there are threads, each of which computes a whole one. */
function ownJobs(
  wasm: Pick<Job, "backend" | "compared" | "budget">,
  threads: number,
  long: number,
  numbers: "float32" | "blocks8" = "float32"
): Job[] {
  const shapes = shapesOf(long, ...new Set([1, threads]));
  return [{...wasm, way: "kernels", numbers, threads, level: null, shapes}];
}

function gpuJobs({quick, gpu}: PlanOptions, long: number): Job[] {
  const web = {backend: "webgpu" as const, threads: null, compared: long, budget: quick ? 0 : 1200};
  const kernels = {...web, way: "kernels" as const, level: null};
  const graph = {...web, way: "onnxruntime" as const, level: "all" as const};
  const seed = {...web, way: "seed" as const, level: "all" as const};
  if (quick) {
    const shapes = shapesOf(long, 1, 2);
    const jobs: Job[] = [
      {...kernels, numbers: "float32", shapes},
      {...graph, numbers: "float32", shapes: shapesOf(long, 1)}
    ];
    return gpu === "real"
      ? [...jobs, {...kernels, numbers: "float16", shapes}, {...kernels, numbers: "matrix", shapes}]
      : jobs;
  }
  const own = [...shapesOf(long, 1, 2, 4, 8, 16, 32, 64), ...shapesOf(128, 1, 8, 32, 64), ...shapesOf(2048, 1, 8, 32)];
  return [
    ...(["float32", "float16", "matrix"] as const).map((numbers) => ({...kernels, numbers, shapes: own})),
    {
      ...graph,
      numbers: "float32",
      shapes: [...shapesOf(long, 1, 8, 16, 32), ...shapesOf(128, 1), ...shapesOf(2048, 1)]
    },
    {...graph, numbers: "float16", shapes: shapesOf(long, 1, 8, 16, 32)},
    {...graph, numbers: "blocks8", shapes: shapesOf(long, 1, 8, 16, 32)},
    {...seed, numbers: "float32", shapes: [...shapesOf(long, 1, 2, 4), ...shapesOf(128, 1), ...shapesOf(2048, 1)]},
    {...seed, numbers: "dynamic8", shapes: [...shapesOf(long, 1), ...shapesOf(128, 1)]}
  ];
}

/** Lengths at which the reference's vectors are needed. */
export function referenceLengths({node, browser, torch, long}: Plan, quick: boolean): number[] {
  const all = [...node, ...browser].flat().map(({compared}) => compared);
  return [...new Set(torch || long !== null ? [...all, longest(quick)] : all)];
}
