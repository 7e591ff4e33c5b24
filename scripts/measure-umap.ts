// node --import tsx scripts/measure-umap.ts [--cells 2000,5000,10000] [--width 512] [--umap-js] [--umap-learn] [--out FILE.json]: time of each part of the `umap` command on
// made-up cells of 20 types: neighbors, layout (start, graph, epochs), trustworthiness; with --umap-js beside them its own fit of the same cells, from its
// own neighbors and start, cosine, as a script would call it, and its trustworthiness. Seconds by the clock and of processor time: where other work
// goes on the latter counts. Prints a JSON object a line.
import {execFileSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {UMAP} from "umap-js";
import {createRandom} from "../src/components/core/random.js";
import {trustworthiness} from "../src/components/core/space/trustworthiness.js";
import {umapLayout} from "../src/components/core/space/umap-layout.js";
import {nearestNeighbors} from "../src/components/core/vectors/neighbors.js";
import {createUmapEngine} from "../src/components/core/space/umap-engine.js";
import {madeUpCells} from "./made-up-cells.js";

const {values} = parseArgs({
  options: {
    cells: {type: "string", default: "2000,5000,10000"},
    width: {type: "string", default: "512"},
    "umap-js": {type: "boolean", default: false},
    "umap-learn": {type: "boolean", default: false},
    out: {type: "string"}
  }
});

/** For both: other values look better, and are trusted less or more. */
const minDist = 0.1;

/** Seconds by the clock and of the processor. */
interface Time {
  clock: number;
  processor: number;
}

async function timed<Value>(run: () => Promise<Value> | Value): Promise<[Value, Time]> {
  const start = performance.now();
  const before = process.cpuUsage();
  const value = await run();
  const {user, system} = process.cpuUsage(before);
  const seconds = (milliseconds: number): number => Number((milliseconds / 1000).toFixed(2));
  return [value, {clock: seconds(performance.now() - start), processor: seconds((user + system) / 1000)}];
}

async function layout(vectors: Float32Array, width: number): Promise<Record<string, unknown>> {
  const [known, neighbors] = await timed(() => nearestNeighbors(vectors, width, 14));
  let positions = new Float32Array(0);
  const [, laidOut] = await timed(async () => {
    for await (const frame of umapLayout(vectors, width, createUmapEngine(), {known, minDist}))
      positions = Float32Array.from(frame.positions);
  });
  const [trust, trustTime] = await timed(() => trustworthiness(vectors, width, positions, 15));
  const {value, error, asked} = trust;
  return {neighbors, layout: laidOut, trust: trustTime, trustworthiness: {value, error, asked}};
}

async function libraryFit(vectors: Float32Array, width: number): Promise<Record<string, unknown>> {
  const rows = Array.from({length: vectors.length / width}, (_, i) =>
    Array.from(vectors.subarray(i * width, (i + 1) * width))
  );
  const {next} = createRandom(42);
  const cosine = (a: number[], b: number[]): number => {
    let [product, x, y] = [0, 0, 0];
    for (let i = 0; i < a.length; i += 1) {
      product += a[i] * b[i];
      x += a[i] * a[i];
      y += b[i] * b[i];
    }
    return 1 - product / Math.sqrt(x * y);
  };
  const [map, fit] = await timed(() => new UMAP({distanceFn: cosine, random: next, minDist}).fit(rows));
  const {value, error} = await trustworthiness(vectors, width, Float32Array.from(map.flat()), 15);
  return {fit, trustworthiness: {value, error}};
}

/** umap-learn's fit by Python, with its own neighbors, start and epochs; compiled before. */
async function learnFit(vectors: Float32Array, width: number): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "umap-learn-"));
  try {
    const [from, to] = [join(folder, "vectors"), join(folder, "map")];
    writeFileSync(from, vectors);
    const said = execFileSync("/usr/bin/python3", ["scripts/umap-learn.py", from, String(width), to], {
      encoding: "utf8"
    });
    const [processor, clock] = said
      .trim()
      .split(" ")
      .map((seconds) => Number(Number(seconds).toFixed(2)));
    const positions = new Float32Array(Uint8Array.from(readFileSync(to)).buffer);
    const {value, error} = await trustworthiness(vectors, width, positions, 15);
    return {fit: {clock, processor}, trustworthiness: {value, error}};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const width = Number(values.width);
const results: Record<string, unknown>[] = [];
for (const cells of values.cells.split(",").map(Number)) {
  const vectors = madeUpCells(cells, width);
  const ours = await layout(vectors, width);
  const library = values["umap-js"] ? await libraryFit(vectors, width) : undefined;
  const learn = values["umap-learn"] ? await learnFit(vectors, width) : undefined;
  results.push({cells, width, ours, ...(library && {"umap-js": library}), ...(learn && {"umap-learn": learn})});
  process.stdout.write(`${JSON.stringify(results.at(-1))}\n`);
}
if (values.out !== undefined) {
  const [cpu] = cpus();
  const machine = {cpu: cpu.model, cores: cpus().length, node: process.version};
  writeFileSync(
    values.out,
    `${JSON.stringify({date: new Date().toISOString().slice(0, 10), machine, results}, null, 2)}\n`
  );
}
