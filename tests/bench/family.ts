// The original UCE at its published sizes, with random weights in 4 bits: made here, kept by Chromium from a local host (stopped once and gone on), opened with our
// own kernels and timed there, its vectors beside onnxruntime's in float32 on the processor.
//   node --import tsx tests/bench/family.ts --pack DIR       a folder for a Linux machine (x64) that has Node and Chromium and no packages
//   CHROMIUM=PATH node DIR/family.mjs --out family.json      there; [--layers 4,33] [--gpu real|imitated|none] [--length 1072] [--cells 100] [--batches 1,4,8,16,32]
//                                                            [--arithmetics fp32,fp16,matrix] [--compared 8] [--threads N] [--folder KEPT] [--storages fp32,fp16,int8]
//   node --import tsx tests/bench/family.ts --into src/data/bench-family.json --out family.json      puts a run beside those that the page shows
// With --gpu none nothing is done in Chromium: bundle, sizes and the processor's times alone.
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {availableParallelism, tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {runInBrowser} from "../../scripts/bench/browser-run.js";
import {gpuFlags, type GpuKind} from "../../scripts/bench/gpu-flags.js";
import {machineFacts} from "../../scripts/bench/machine.js";
import type {FamilyModel, FamilyRun} from "../../src/components/core/bench/family-run.js";
import type {ModelGene, Precision} from "../../src/components/core/types.js";
import {prepareFamily} from "./family-prepare.js";
import type {FamilyPlan, FamilyTold} from "./family-told.js";
import {peakOfTabs} from "./peak-of-tabs.js";

const {values} = parseArgs({
  options: {
    pack: {type: "string"},
    out: {type: "string"},
    layers: {type: "string", default: "4,33"},
    gpu: {type: "string", default: "real"},
    length: {type: "string", default: "1072"},
    cells: {type: "string", default: "100"},
    batches: {type: "string", default: "1,4,8,16,32"},
    arithmetics: {type: "string", default: "fp32,fp16,matrix"},
    compared: {type: "string", default: "8"},
    threads: {type: "string"},
    storages: {type: "string", default: ""},
    into: {type: "string"},
    folder: {type: "string"}
  }
});
const here = dirname(fileURLToPath(import.meta.url));
const say = (line: string) => void process.stdout.write(`${line}\n`);
const list = (text: string) => text.split(",");

/** What one model did, with what is not shown. */
interface FamilyResult extends FamilyModel {
  added: Extract<FamilyTold, {kind: "added"}> | null;
  gpu: Extract<FamilyTold, {kind: "gpu"}> | null;
  failed: string[];
  /** Resident memory of all of Chromium at most, in MB. */
  browserPeak: number | null;
}

if (values.into !== undefined) putInto(values.into, values.out!);
else if (values.pack !== undefined) await (await import("./family-pack.js")).packFamily(values.pack);
else await main();

async function main(): Promise<void> {
  const machine = machineFacts();
  const date = new Date().toISOString();
  const results: FamilyResult[] = [];
  const scratch = values.folder ?? mkdtempSync(join(tmpdir(), "family-"));
  try {
    say(
      `${machine.cores} cores, ${machine.processor ?? "?"}; ${machine.gpu ?? "no graphics card"}; Node ${process.version}; ${date}`
    );
    for (const layers of list(values.layers).map(Number)) {
      results.push(await runModel(layers, join(scratch, `original-${layers}`)));
      // What is known so far is kept if the next model fails.
      const command = `node family.mjs ${withoutPlaces(process.argv.slice(2)).join(" ")}`;
      const report = {date, command, machine, length: Number(values.length), models: results};
      if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
    }
  } finally {
    if (values.folder === undefined) rmSync(scratch, {recursive: true, force: true});
  }
  if (
    results.some(({failed, rows}) => failed.length > 0 || (rows.every(({passed}) => !passed) && values.gpu !== "none"))
  )
    process.exitCode = 1;
}

/** Arguments without those that only say where files lie. */
function withoutPlaces(args: readonly string[]): string[] {
  return args.filter((arg, i) => ![arg, args[i - 1]].some((one) => one === "--out" || one === "--folder"));
}

/** Puts a run beside the others of a file, in place of one of the same machine. */
function putInto(file: string, run: string): void {
  const made = JSON.parse(readFileSync(run, "utf8")) as FamilyRun;
  const {runs} = JSON.parse(readFileSync(file, "utf8")) as {runs: FamilyRun[]};
  const others = runs.filter(
    ({machine: {gpu, processor}}) => gpu !== made.machine.gpu || processor !== made.machine.processor
  );
  writeFileSync(file, `${JSON.stringify({runs: [made, ...others]}, null, 1)}\n`);
}

async function runModel(layers: number, folder: string): Promise<FamilyResult> {
  mkdirSync(folder, {recursive: true});
  const genes = JSON.parse(readFileSync(join(here, "genes.json"), "utf8")) as ModelGene[];
  const threads = Number(values.threads ?? availableParallelism());
  const prepared = await prepareFamily({
    layers,
    genes,
    folder,
    length: Number(values.length),
    compared: Number(values.compared),
    threads,
    storages: list(values.storages).filter((one) => one !== "") as Precision[],
    say
  });
  const result: FamilyResult = {
    ...{
      ...prepared,
      added: null,
      gpu: null,
      rows: [],
      failed: [],
      tabWhileAdding: null,
      tabPeak: null,
      browserPeak: null
    }
  };
  if (values.gpu === "none") return result;
  const plan: FamilyPlan = {
    folder: "/bundle/",
    arithmetics: list(values.arithmetics),
    batches: list(values.batches).map(Number),
    length: Number(values.length),
    cells: Number(values.cells)
  };
  const chromium = process.env.CHROMIUM;
  if (chromium === undefined || !existsSync(chromium)) throw new Error("CHROMIUM names no browser");
  const watch = setInterval(
    () => (result.tabPeak = Math.max(result.tabPeak ?? 0, Math.round(peakOfTabs() / 1000))),
    200
  );
  try {
    await runInBrowser<FamilyTold>({
      chromium,
      flags: gpuFlags(values.gpu as GpuKind),
      roots: [join(here, "page"), folder],
      plan,
      patience: 280_000,
      tell: (told, memory) => hear(told, memory, result)
    });
  } catch (error) {
    result.failed.push(String(error));
  } finally {
    clearInterval(watch);
  }
  return result;
}

function hear(told: FamilyTold, memory: number | null, result: FamilyResult): void {
  const tab = Math.round(peakOfTabs() / 1000);
  result.tabPeak = Math.max(result.tabPeak ?? 0, tab);
  result.browserPeak = Math.max(result.browserPeak ?? 0, memory ?? 0);
  if (told.kind === "added") {
    Object.assign(result, {added: told, tabWhileAdding: tab});
    const {bytes, files, ms, fetchedAgain} = told;
    say(
      `  kept ${(bytes / 1e6).toFixed(1)} MB in ${files} files in ${(ms / 1000).toFixed(1)} s, stopped once; ${fetchedAgain} of the weights fetched again; tab at most ${tab} MB`
    );
  } else if (told.kind === "gpu") {
    result.gpu = told;
    say(
      `  ${told.name}: ${told.arithmetics.join(", ")}; buffers of at most ${told.maxBufferSize} bytes, bindings ${told.maxBinding}`
    );
  } else if (told.kind === "row") {
    const {row} = told;
    result.rows.push(row);
    const paces = row.paces.map(({batch, ms}) => `${batch}: ${ms.toFixed(2)}`).join(", ");
    say(
      `  ${row.arithmetic}: opened in ${(row.openMs / 1000).toFixed(2)} s, first call ${(row.firstMs / 1000).toFixed(2)} s; ms a cell by batch ${paces}`
    );
    say(
      `    ${row.cells.count} cells: ${row.cells.msPerCell.toFixed(2)} ms a cell in batches of ${row.cells.batch}; relative error ${row.relativeError.toExponential(2)} (limit ${row.limit}, another cell ${row.control.toFixed(2)}) ${row.passed ? "passed" : "FAILS"}`
    );
    say(
      `    largest buffer ${(row.largestBuffer / 1e6).toFixed(0)} MB, ${(row.deviceBytes / 1e6).toFixed(0)} MB on the device; tab at most ${tab} MB, all of Chromium ${memory ?? "?"} MB`
    );
  } else if (told.kind === "failed") {
    result.failed.push(told.what);
    say(`  FAILED: ${told.what}`);
  }
}
