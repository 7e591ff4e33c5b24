// npm run bench [-- FILE.h5ad] [--cells 256] [--json]: times of each stage on this machine, per cell, with the embedded demo or a file.
// --cells: of so many cells, the model on 32 at most.
import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, statSync, writeFileSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";
import {writeFileAtomically} from "../../src/components/adapters/node-files.js";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {streamRows} from "../../src/components/core/anndata/stream-rows.js";
import {normalize} from "../../src/components/core/cells/normalize.js";
import {cellSentence} from "../../src/components/core/cells/sentence.js";
import {embedTokens} from "../../src/components/core/embed/embed-tokens.js";
import {bestPrecision} from "../../src/components/core/model/best-precision.js";
import {prepareCells} from "../../src/components/core/pipeline/prepare-cells.js";
import {embeddingsTable} from "../../src/components/core/tables/embeddings.js";
import {tableToFileBytes} from "../../src/components/core/tables/file.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {openNodeModel} from "../../src/components/runtime/node-model.js";
import {software} from "../../src/components/runtime/software.js";

const {values: options, positionals: args} = parseArgs({
  allowPositionals: true,
  options: {cells: {type: "string", default: "256"}, json: {type: "boolean", default: false}}
});
const folder = mkdtempSync(join(tmpdir(), "bench-"));
try {
  const file = args[0] ?? makeDemo(join(folder, "demo.h5ad"));
  const rows = await measure(file);
  const facts = {
    date: new Date().toISOString().slice(0, 10),
    machine: cpus()[0].model,
    cores: cpus().length,
    node: process.version,
    file: args[0] ?? "embedded demo"
  };
  if (options.json) process.stdout.write(`${JSON.stringify({...facts, rows}, null, 2)}\n`);
  else print(facts, rows);
} finally {
  rmSync(folder, {recursive: true});
}

interface Row {
  what: string;
  /** Milliseconds a cell: smallest, median and largest of the repeats. */
  ms: [low: number, median: number, high: number];
}

async function measure(path: string): Promise<Row[]> {
  const bundle = await openNodeModel(undefined);
  const reader = await openH5File(path);
  const anndata = openAnnData(reader);
  const prepared = await prepareCells(anndata, bundle.genes, {matrix: null, geneColumn: null}, null);
  const n = Math.min(Number(options.cells), anndata.nObs);
  const rows = Int32Array.from({length: n}, (_, row) => row);
  const read = async () => {
    const blocks = [];
    for await (const block of streamRows(anndata, prepared.matrix, {rows})) blocks.push(block);
    return blocks;
  };
  const blocks = await read();
  const cells = blocks.flatMap((block) => normalize(block, prepared.alignment));
  const constants = bundle.manifest.sentence;
  const sentence = (sampling: "reference" | "low-variance") => () =>
    cells.map((cell) => cellSentence(cell, prepared.alignment, {sampling, seed: cell.row, constants}));
  const tokens = sentence("reference")().flatMap(({tokens}) => (tokens === null ? [] : [tokens]));
  const results: Row[] = [
    {what: "read rows", ms: await repeat(7, n, read)},
    {what: "normalize", ms: await repeat(7, n, () => blocks.map((block) => normalize(block, prepared.alignment)))},
    {what: "sample and write the sentence, reference", ms: await repeat(7, n, sentence("reference"))},
    {what: "sample and write the sentence, low-variance", ms: await repeat(7, n, sentence("low-variance"))}
  ];
  const some = tokens.slice(0, 32);
  const precision = bestPrecision(bundle, {});
  const encoder = await openNodeEncoder(bundle, {precision});
  for (const batch of [1, 4, 16, 32].filter((size) => size <= Math.max(1, some.length))) {
    const ms = await repeat(3, some.length, () => embedTokens(encoder, some, {batch}));
    results.push({what: `embed (${bundle.manifest.name} in ${precision}, ${encoder.name}, batch ${batch})`, ms});
  }
  const {width} = encoder;
  await encoder.close();
  const columns = {
    rows,
    cellIds: anndata.obsNames().slice(0, n),
    status: cells.map(() => "ok" as const),
    nTokens: new Int32Array(n).fill(1073),
    vectors: new Float32Array(n * width).fill(1 / Math.sqrt(width)),
    width
  };
  const source = {name: anndata.name, bytes: statSync(path).size, identity: ""};
  const write = () =>
    writeFileAtomically(
      join(folder, "e.arrow"),
      tableToFileBytes(embeddingsTable(columns, {format: 1, stage: "embed", software, source, parameters: {}}))
    );
  results.push({what: "write the embeddings table", ms: await repeat(7, n, write)});
  reader.close();
  return results;
}

async function repeat(times: number, cells: number, work: () => unknown): Promise<[number, number, number]> {
  await work();
  const ms: number[] = [];
  for (let i = 0; i < times; ++i) {
    const start = performance.now();
    await work();
    ms.push((performance.now() - start) / cells);
  }
  ms.sort((a, b) => a - b);
  return [ms[0], ms[ms.length >> 1], ms[ms.length - 1]];
}

function makeDemo(path: string): string {
  const {stdout, status} = spawnSync(process.execPath, ["--import", "tsx", "src/data/demo.h5ad.ts"], {
    maxBuffer: 1 << 26
  });
  if (status !== 0) throw new Error("src/data/demo.h5ad.ts failed");
  writeFileSync(path, stdout);
  return path;
}

function print(facts: object, rows: Row[]): void {
  process.stdout.write(
    `${Object.entries(facts)
      .map(([key, value]) => `${key} ${value}`)
      .join(", ")}\n\nms a cell: median (lowest to highest)\n`
  );
  for (const {what, ms} of rows) {
    const [low, median, high] = ms.map((value) => value.toPrecision(3));
    process.stdout.write(`  ${what.padEnd(64)} ${median.padStart(8)}  (${low} to ${high})\n`);
  }
}
