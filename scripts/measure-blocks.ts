/**
 * Processor time of one sentence in Chromium, one thread, by our own functions in float32 (with relaxed SIMD and without) and in 8-bit blocks, in turns with Node's CPU (onnxruntime, one thread, float32).
 *
 *     node --import tsx scripts/measure-blocks.ts [--shape full|small] [--layers N] [--length 1072] [--repeats 5]
 *
 * "full" is the full-size model, "small" the shape of the model that comes with the workbook; weights are random and lie in 8-bit blocks. Prints the least ms of processor time (Linux tells it for each
 * thread of a process), and the relative error against float32 over two sentences.
 */
import {readdirSync, readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {build} from "esbuild";
import {openNodeEncoder} from "../src/components/adapters/onnxruntime-node.js";
import {uceSentence} from "../src/components/core/convert/original-checkpoint.js";
import {wholeArchitecture} from "../src/components/core/model/architecture.js";
import {openBundle} from "../src/components/core/model/open-bundle.js";
import type {ModelGene} from "../src/components/core/types.js";
import {relativeError} from "../src/components/core/vectors/relative-error.js";
import {openChromium} from "../tests/browser/chromium.js";
import {memoryBundle} from "../tests/core/convert/fixture.js";
import type {BlocksWay} from "./measure-blocks-page.js";
import {writeRandomBundle} from "./random-bundle.js";

const {values: options} = parseArgs({
  options: {
    shape: {type: "string", default: "full"},
    layers: {type: "string"},
    length: {type: "string", default: "1072"},
    repeats: {type: "string", default: "5"}
  }
});
const shapes: Record<string, [layers: number, width: number, heads: number]> = {full: [8, 512, 16], small: [4, 128, 4]};
const [usual, width, heads] = shapes[options.shape];
const model = wholeArchitecture({
  ...{layers: Number(options.layers ?? usual), width, heads, feedForward: 4 * width, outputWidth: width},
  ...{maxLength: 2048, positions: "stored", activation: "gelu", layerNormEpsilon: 1e-5, expression: null}
});
const length = Number(options.length);
const ways: BlocksWay[] = ["float32", "relaxed SIMD", "8-bit blocks"];

const browser = await openChromium();
const page = await browser.newPage();
const script = await build({
  entryPoints: [fileURLToPath(new URL("measure-blocks-page.ts", import.meta.url))],
  ...{bundle: true, format: "iife", write: false, logLevel: "silent"}
});
await page.evaluate(script.outputFiles[0].text);
const told = await page.evaluate(([of, rows]) => window.openBlocks(of, rows), [model, length] as const);
const renderers = renderersBelow(String(process.pid));
const node = await onNode();
const least = new Map<string, number>();
const vectors = new Map<string, number[]>();
for (let i = 0; i <= Number(options.repeats); ++i) {
  const sentence = (i % 2) as 0 | 1;
  for (const way of ways) {
    const begin = spent(renderers);
    const vector = await page.evaluate(([of, which]) => window.runBlocks(of, which), [way, sentence] as const);
    vectors.set(`${way} ${sentence}`, vector);
    keep(way, spent(renderers) - begin, i);
  }
  const begin = process.cpuUsage();
  await node();
  const {user, system} = process.cpuUsage(begin);
  keep("Node CPU", (user + system) / 1000, i);
}
await browser.close();
const both = (way: string) => [0, 1].flatMap((sentence) => vectors.get(`${way} ${sentence}`)!);
for (const [way, ms] of least) {
  const error = way === "Node CPU" ? undefined : relativeError(both(way), both("float32"), 2, width);
  console.log(JSON.stringify({shape: options.shape, layers: model.layers, length, way, ms: Math.round(ms), error}));
}
console.log(JSON.stringify(told));

/** The first calls compile. */
function keep(way: string, ms: number, turn: number): void {
  if (turn > 0) least.set(way, Math.min(least.get(way) ?? Infinity, ms));
}

/** Processes of the pages of a browser that a process started. */
function renderersBelow(root: string): string[] {
  const field = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ")[1];
    } catch {
      return "0";
    }
  };
  const parents = new Map(readdirSync("/proc").map((pid) => [pid, /^\d+$/.test(pid) ? field(pid) : "0"]));
  const isBelow = (pid: string): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && parent !== "0" && (parent === root || isBelow(parent));
  };
  return [...parents.keys()].filter(
    (pid) => isBelow(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer")
  );
}

/** Milliseconds of processor time of all threads of processes. */
function spent(processes: readonly string[]): number {
  const threads = processes.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((thread) => [pid, thread]));
  const times = threads.map(([pid, thread]) => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      return 0;
    }
  });
  return times.reduce((sum, time) => sum + time, 0) / 1e6;
}

/** One sentence by onnxruntime in Node, on one thread, with weights of its own: numbers do not change its time. */
async function onNode(): Promise<() => Promise<unknown>> {
  const files = memoryBundle();
  const genes: ModelGene[] = Array.from({length: 8}, (_, i) => {
    return {symbol: `G${i}`, token: 10 + i, chromosome: 0, start: i};
  });
  const architecture = {...model, positions: "sinusoidal"} as const;
  await writeRandomBundle({name: "random", architecture, sentence: uceSentence, genes, precision: "int8"}, files);
  const bundle = await openBundle(files);
  const encoder = await openNodeEncoder(bundle, {precision: "int8", threads: 1});
  const known = [...bundle.tableRow.keys()];
  const tokens = Int32Array.from({length}, (_, i) => known[i % known.length]);
  return () => encoder.embed(tokens, 1, length);
}
