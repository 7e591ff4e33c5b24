// What a run was made on.
import {spawnSync} from "node:child_process";
import {readFileSync, statSync} from "node:fs";
import {availableParallelism, cpus, loadavg, release, totalmem, type} from "node:os";
import {join} from "node:path";
import type {BenchMachine} from "../../src/components/core/bench/bench-run.js";

/** The machine, with its load before the run: on a shared one others take from its time. */
export function machineFacts(): BenchMachine {
  const [load] = loadavg();
  const name = spawnSync("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader"], {
    encoding: "utf8"
  });
  const gpu = name.status === 0 ? name.stdout.trim().split("\n")[0].replace(", ", ", driver ") : null;
  return {
    processor: cpus()[0]?.model ?? null,
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e8) / 10,
    gpu,
    system: `${type()} ${release()}`,
    load: load > 0.5 ? `load average ${load.toFixed(1)} when the run began (${availableParallelism()} cores)` : null
  };
}

/** Version of an installed package. */
export function packageVersion(folder: string, name: string): string {
  const {version} = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}

/** What a visitor's browser fetches, as the files lie here. */
export function downloadSizes(runtime: string, model: string | null): {name: string; bytes: number}[] {
  const size = (path: string) => statSync(path).size;
  const sizes = [
    {
      name: "onnxruntime for wasm: ort-wasm-simd-threaded.wasm",
      bytes: size(join(runtime, "ort-wasm-simd-threaded.wasm"))
    },
    {
      name: "onnxruntime for WebGPU: ort-wasm-simd-threaded.jspi.wasm",
      bytes: size(join(runtime, "ort-wasm-simd-threaded.jspi.wasm"))
    },
    {name: "our kernels for WebGPU and the processor: part of the worker's own script", bytes: 0}
  ];
  if (model === null) return sizes;
  const {variants} = JSON.parse(readFileSync(join(model, "manifest.json"), "utf8")) as {
    variants: {precision: string; files: {bytes: number}[]}[];
  };
  const models = variants.map(({precision, files}) => ({
    name: `the site's model, ${precision}`,
    bytes: files.reduce((sum, {bytes}) => sum + bytes, 0)
  }));
  return [...sizes, ...models];
}
