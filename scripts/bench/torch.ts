// PyTorch on the same weights and sentences, where Python has it: scripts/torch-bench.py prints a row a line.
import {spawn} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";
import type {BenchBackend, BenchNumbers, BenchRow} from "../../src/components/core/bench/bench-run.js";
import {benchLimit, judgeVectors} from "../../src/components/core/bench/judge-vectors.js";
import {floatsOf} from "./floats-of.js";

type Line =
  | {kind: "version"; version: string; attention: string; device: string}
  | {
      kind: "row";
      numbers: BenchNumbers;
      batch: number;
      length: number;
      threads: number | null;
      compiled: boolean;
      ms: BenchRow["ms"];
      vectors: string | null;
    };

export interface TorchOptions {
  quick: boolean;
  add(row: BenchRow): void;
  version(name: string, version: string): void;
}

export async function torchRows(folder: string, {quick, add, version}: TorchOptions): Promise<void> {
  const packed = join(folder, "torch-bench.py");
  const script = existsSync(packed) ? packed : fileURLToPath(new URL("../torch-bench.py", import.meta.url));
  const python = process.env.PYTHON ?? "python3";
  const child = spawn(python, [script, join(folder, "model"), ...(quick ? ["--quick"] : [])], {
    stdio: ["ignore", "pipe", "pipe"]
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-300)));
  const ended = new Promise<number>((resolve) =>
    child.on("error", () => resolve(127)).on("close", (code) => resolve(code ?? 1))
  );
  let backend: BenchBackend = "torch-cpu";
  let attention = "";
  for await (const line of createInterface({input: child.stdout})) {
    const told = JSON.parse(line) as Line;
    if (told.kind === "version") {
      version("PyTorch", told.version);
      backend = told.device === "cuda" ? "cuda" : "torch-cpu";
      attention = told.attention;
      continue;
    }
    const {numbers, batch, length, threads, compiled, ms, vectors} = told;
    let check: BenchRow["check"] = null;
    if (vectors !== null) {
      const expected = floatsOf(join(folder, "model", `expected-${length}-float32.bin`));
      const cells = 8;
      check = judgeVectors(floatsOf(vectors), expected, {cells, length, limit: benchLimit(numbers, backend)});
    }
    const note = `${attention}; all rows of the last layer are computed`;
    add({
      way: "pytorch",
      backend,
      numbers,
      batch,
      length,
      threads,
      level: compiled ? "compiled" : null,
      ms,
      cold: null,
      check,
      memory: null,
      note
    });
  }
  if ((await ended) !== 0)
    process.stdout.write(`PyTorch was not measured: ${log.trim().split("\n").at(-1) ?? "no Python"}\n`);
}
