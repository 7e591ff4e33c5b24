// A process that runs jobs in Node and prints what it found, a JSON object a line: threads and the runtime's memory are a process's own.
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {nodeThread, type ThreadProgram} from "../../src/components/adapters/node-thread.js";
import {loadOnnxruntime} from "../../src/components/adapters/onnxruntime-node.js";
import {threadProgram} from "../../src/components/runtime/thread-program.js";
import {floatsOf} from "./floats-of.js";
import type {Job, Told} from "./job.js";
import {readModel} from "./model.js";
import {openOrt, type Ort} from "./open-ort.js";
import {openOwn} from "./open-own.js";
import {runJob} from "./run-job.js";

export async function nodeChild(folder: string, jobs: readonly Job[]): Promise<void> {
  const model = readModel(
    readFileSync(join(folder, "model.json"), "utf8"),
    floatsOf(join(folder, "weights.bin")).buffer
  );
  const tell = (told: Told) => void process.stdout.write(`${JSON.stringify(told)}\n`);
  for (const job of jobs) {
    await runJob(job, {
      model,
      open: async () =>
        job.way === "kernels"
          ? openOwn(model, job, () => nodeThread(program()))
          : openOrt(await runtime(job), model, job, job.backend === "node-cpu" ? "cpu" : "wasm"),
      expected: async (length, weights) => floatsOf(join(folder, `expected-${length}-${weights}.bin`)),
      memory: () => Math.round(process.resourceUsage().maxRSS / 1000),
      tell: (row) => tell({kind: "row", row})
    });
  }
  tell({kind: "done"});
}

/** What threads run: a suite that was packed has it beside itself. */
function program(): ThreadProgram {
  const packed = new URL("./processor-thread.mjs", import.meta.url);
  return existsSync(packed) ? {module: packed.href, reader: null} : threadProgram;
}

async function runtime({backend, threads}: Job): Promise<Ort> {
  if (backend === "node-cpu") return (await loadOnnxruntime()) as unknown as Ort;
  // The package's build for Node: the others cannot start threads there.
  const ort = await import("onnxruntime-web");
  ort.env.wasm.numThreads = threads ?? 1;
  ort.env.logLevel = "error";
  return ort as unknown as Ort;
}
