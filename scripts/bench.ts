// npm run bench [-- --quick] [--only node,wasm,webgpu,torch,stages] [--cells N] [--cores N] [--out FILE]: the suite on this machine, in Node and in headless Chromium, beside the
// seed project's way and PyTorch in the same run. docs/performance.md says how to read it.
//   --quick        a model of seconds; WebGPU imitated on the processor where there is no other
//   --cells N      cells of the long run on the GPU (2,000; 0 for none)
//   --cores N      numbers of threads as on a machine with so many cores
//   --gpu          "real", "imitated" or "none"; found by trying unless told
//   --pack DIR     makes DIR for a machine without packages: there, node bench.mjs --folder . (and Chromium's path in CHROMIUM)
import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {availableParallelism, tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {parseArgs} from "node:util";
import type {BenchRow, BenchRun} from "../src/components/core/bench/bench-run.js";
import {rowWords} from "../src/components/core/bench/row-words.js";
import {runInBrowser} from "./bench/browser-run.js";
import {gpuFlags, type GpuKind} from "./bench/gpu-flags.js";
import type {Job, Told} from "./bench/job.js";
import {downloadSizes, machineFacts, packageVersion} from "./bench/machine.js";
import {nodeChild} from "./bench/node-child.js";
import {benchPlan, referenceLengths, type Plan} from "./bench/plan.js";
import {prepareModel, preparePage, prepareReference} from "./bench/prepare.js";
import {torchRows} from "./bench/torch.js";

const {values} = parseArgs({
  options: {
    quick: {type: "boolean", default: false},
    only: {type: "string"},
    cells: {type: "string"},
    cores: {type: "string"},
    out: {type: "string"},
    gpu: {type: "string"},
    folder: {type: "string"},
    pack: {type: "string"},
    child: {type: "string"}
  }
});

/** What a row says where nothing was measured. */
const shapeless = {batch: 1, length: 1, ms: null, cold: null, check: null, memory: null, note: null};

if (values.child !== undefined) await nodeChild(join(values.folder!, "model"), JSON.parse(values.child) as Job[]);
else if (values.pack !== undefined) await (await import("./bench/pack.js")).pack(values.pack);
else await main();

async function main(): Promise<void> {
  const {quick} = values;
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), "bench-"));
  const found = machineFacts();
  const gpu = (values.gpu ?? (found.gpu !== null ? "real" : quick ? "imitated" : "none")) as GpuKind;
  const machine = {...found, gpu: gpu === "real" ? found.gpu : null};
  const plan = benchPlan({
    quick,
    gpu,
    cores: Number(values.cores ?? availableParallelism()),
    only: values.only?.split(",") ?? null,
    cells: Number(values.cells ?? (quick ? 0 : 2000))
  });
  const run: BenchRun = {
    ...{format: "uce-workbook-bench", formatVersion: 1, date: new Date().toISOString(), machine},
    command: ["npm run bench", ...(process.argv.length > 2 ? ["--", ...commandWords()] : [])].join(" "),
    versions: {Node: process.version.slice(1)},
    model: {name: "", layers: 1, width: 1, heads: 1, trained: false},
    ...{rows: [], stages: [], cold: [], endToEnd: [], long: [], downloads: []}
  };
  try {
    await measure(run, plan, folder, gpuFlags(gpu));
  } finally {
    if (values.folder === undefined) rmSync(folder, {recursive: true, force: true});
  }
  keep(run);
  const failed = run.rows.filter(({check, ms}) => ms === null || check?.passed === false).length;
  say(`${run.rows.length} rows, ${failed} of them failing${values.out === undefined ? "" : `, in ${values.out}`}`);
}

/** Writes what there is so far: a run may take long, and end early. */
function keep(run: BenchRun): void {
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(run)}\n`);
}

/** The arguments that say what was measured, not where files lie. */
function commandWords(): string[] {
  const {quick, only, cells, cores, gpu} = values;
  const given = {only, cells, cores, gpu};
  const words = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]));
  return quick ? ["--quick", ...words] : words;
}

async function measure(run: BenchRun, plan: Plan, folder: string, flags: readonly string[]): Promise<void> {
  const {quick} = values;
  say("making the model and its reference …");
  const model = prepareModel(folder, quick ? "quick" : "full");
  const {layers, width, heads} = model.architecture;
  run.model = {name: model.name, layers, width, heads, trained: false};
  await prepareReference(folder, model, referenceLengths(plan, quick));
  const packages = existsSync(join(folder, "node_modules")) ? folder : ".";
  for (const name of ["onnxruntime-node", "onnxruntime-web"]) run.versions[name] = packageVersion(packages, name);
  const ort = join(packages, "node_modules/onnxruntime-web/dist");
  run.downloads = downloadSizes(ort, existsSync("src/data/model/manifest.json") ? "src/data/model" : null);
  const add = (row: BenchRow) => {
    run.rows.push(row);
    keep(run);
    say(lineOf(row));
  };
  if (plan.browser.length > 0) await inBrowsers(run, plan, folder, flags, add);
  if (plan.torch) await torchRows(folder, {quick, add, version: (name, version) => (run.versions[name] = version)});
  for (const jobs of plan.node) await inNode(folder, jobs, add);
  if (plan.stages && existsSync("src/data/demo.h5ad.ts")) {
    const {measureStages} = await import("./bench/stages.js");
    const {stages, endToEnd} = await measureStages(quick ? 8 : 100, quick ? 1 : 3);
    run.stages = stages;
    run.endToEnd = [endToEnd];
    for (const {stage, ms} of stages) say(`${stage.padEnd(60)} ${ms.median} ms a cell`);
  }
}

async function inNode(folder: string, jobs: readonly Job[], add: (row: BenchRow) => void): Promise<void> {
  const own = [...process.execArgv, process.argv[1], "--folder", folder, "--child", JSON.stringify(jobs)];
  const child = spawn(process.execPath, own, {
    stdio: ["ignore", "pipe", "inherit"],
    env: {...process.env, ORT_DISABLE_TELEMETRY: "1"}
  });
  let done = false;
  let rows = 0;
  for await (const line of createInterface({input: child.stdout})) {
    if (!line.startsWith("{")) continue;
    const told = JSON.parse(line) as Told;
    if (told.kind === "row") ((rows += 1), add(told.row));
    done ||= told.kind === "done";
  }
  if (!done) {
    const {shapes, compared: _, budget: __, ...job} = jobs[Math.min(rows, jobs.length - 1)];
    add({...job, ...shapeless, ...shapes[0], note: "the process ended before it was done"});
  }
}

async function inBrowsers(
  run: BenchRun,
  plan: Plan,
  folder: string,
  flags: readonly string[],
  add: (row: BenchRow) => void
): Promise<void> {
  const page = await preparePage(folder);
  const chromium = process.env.CHROMIUM ?? (await import("../tests/browser/chromium.js")).findChromium();
  for (const [i, jobs] of plan.browser.entries()) {
    const long = i === 0 ? plan.long : null;
    const tell = (told: Told, memory: number | null) => {
      if (told.kind === "row") add({...told.row, memory});
      if (told.kind === "gpu") {
        run.machine.gpu = run.machine.gpu === null ? told.name : `${run.machine.gpu} (${told.name})`;
        run.versions.Chromium = /Chrome\/([\d.]+)/.exec(told.browser)?.[1] ?? told.browser;
      }
      if (told.kind === "piece") {
        if (run.long.length === 0)
          run.long.push({what: `${rowWords({...long!.job, ...shapeless})}, ${told.what}`, cells: 0, pieces: []});
        run.long[0].cells += told.cells;
        run.long[0].pieces.push({cells: told.cells, ms: Number(told.ms.toPrecision(4)), memory});
        say(`${run.long[0].cells} cells: ${told.ms.toFixed(3)} ms a cell, ${memory} MB`);
      }
    };
    await runInBrowser<Told>({
      chromium,
      flags,
      roots: [page, folder],
      plan: {jobs, long},
      patience: 240_000,
      tell
    }).catch((error: Error) => {
      const {shapes, compared: _, budget: __, ...job} = jobs[0];
      add({...job, ...shapeless, ...shapes[0], note: error.message.replace(/\s+/g, " ").slice(0, 200)});
    });
  }
}

function lineOf(row: BenchRow): string {
  const {batch, length, ms, check, note} = row;
  const time = ms === null ? `failed: ${note}` : `${ms.median} ms a cell (${ms.low} to ${ms.high}, n = ${ms.n})`;
  const test =
    check === null ? "not compared" : `error ${check.error} of ${check.limit}${check.passed ? "" : ", FAILS"}`;
  return `${rowWords(row)}, batch ${batch}, ${length} tokens: `.padEnd(76) + (ms === null ? time : `${time}; ${test}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
