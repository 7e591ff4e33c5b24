// One job, anywhere: opens the model, compares its vectors with the reference, times every shape. A fault is a row with a note.
import type {BenchCheck, BenchRow} from "../../src/components/core/bench/bench-run.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {benchLimit, judgeVectors} from "../../src/components/core/bench/judge-vectors.js";
import {timeCalls} from "../../src/components/core/bench/time-calls.js";
import {comparedCells, type Job, type OpenModel} from "./job.js";
import {sentenceRows, type BenchModel} from "./model.js";

export interface JobDeps {
  model: BenchModel;
  open(job: Job): Promise<OpenModel>;
  /** The reference's vectors of the compared cells at a length: of the float32 weights, or of what their 8-bit blocks stand for. */
  expected(length: number, weights: "float32" | "blocks8"): Promise<Float32Array>;
  /** Largest resident memory in MB so far; null where it cannot be asked. */
  memory(): number | null;
  tell(row: BenchRow): Promise<void> | void;
}

/** Milliseconds for which a device is kept busy before it is timed. */
const warm = 400;
const slowBackends = ["node-cpu", "node-wasm", "wasm"];

export async function runJob(job: Job, deps: JobDeps): Promise<void> {
  const {way, backend, numbers, threads, level, shapes} = job;
  const row = {way, backend, numbers, threads, level, ms: null, cold: null, check: null, memory: null, note: null};
  let open: OpenModel | undefined;
  try {
    const start = performance.now();
    open = await deps.open(job);
    const opened = performance.now();
    const {length} = shapes[0];
    await open.run(sentenceRows(deps.model, 1, length), 1, length);
    const cold = {open: Math.round(opened - start), first: Math.round(performance.now() - opened)};
    const {check, note} = await compare(job, open, deps);
    for (const [i, shape] of shapes.entries()) {
      const timed = await timeShape(job, shape, open, deps);
      await deps.tell({...row, ...shape, ...timed, note: timed.note ?? note, cold: i === 0 ? cold : null, check});
    }
  } catch (error) {
    await deps.tell({...row, ...shapes[0], note: wordsOf(error)});
  } finally {
    await open?.close().catch(() => {});
  }
}

async function timeShape(
  {backend, budget}: Job,
  {batch, length}: {batch: number; length: number},
  open: OpenModel,
  {model, memory}: JobDeps
): Promise<Pick<BenchRow, "ms" | "memory" | "note">> {
  const rows = sentenceRows(model, batch, length);
  const isSlow = slowBackends.includes(backend);
  try {
    const options = {warm: isSlow ? 0 : warm, most: 9, budget, least: isSlow ? 2 : 3};
    const ms = await timeCalls(() => open.run(rows, batch, length), batch, options);
    return {ms, memory: memory(), note: null};
  } catch (error) {
    return {ms: null, memory: memory(), note: wordsOf(error)};
  }
}

async function compare(
  job: Job,
  open: OpenModel,
  {model, expected}: JobDeps
): Promise<{check: BenchCheck; note: string | null}> {
  const length = job.compared;
  const rows = sentenceRows(model, comparedCells, length);
  const plain = await expected(length, "float32");
  const reference = job.numbers === "blocks8" ? await expected(length, "blocks8") : plain;
  // The seed's way is one cell a call.
  const batch = job.way === "seed" ? 1 : comparedCells;
  const ours = new Float32Array(reference.length);
  for (let from = 0; from < comparedCells; from += batch) {
    const part = await open.run(rows.slice(from * length, (from + batch) * length), batch, length);
    ours.set(part, from * model.architecture.outputWidth);
  }
  const limit = benchLimit(job.numbers, job.backend);
  const check = judgeVectors(ours, reference, {cells: comparedCells, length, limit});
  if (reference === plain) return {check, note: null};
  const stored = relativeError(reference, plain, comparedCells, model.architecture.outputWidth);
  return {
    check,
    note: `compared with what its 8-bit weights stand for; those alone move vectors by ${stored.toPrecision(2)}`
  };
}

function wordsOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .replace(/\s+/g, " ")
    .slice(0, 200);
}
