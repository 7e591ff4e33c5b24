// node --import tsx scripts/trust-report.ts FILE --labels COLUMN [--batches COLUMN] --out DIR [--cells 400] [--seed-cells 60] [--seeds 4]
//   [--matrix NAME] [--gene-column NAME] [--model DIR] [--threads N]
// The numbers of the page "Can I trust this map?" for a random choice of a file's cells, computed in Node by the functions
// that the page uses: DIR/trust.json, and as .npy what they were computed from, for tests/reference/check-trust.py.
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {openAnnData} from "../src/components/core/anndata/anndata.js";
import {columnAsText} from "../src/components/core/anndata/column.js";
import {selectRows} from "../src/components/core/cells/select-rows.js";
import {cellComponents} from "../src/components/core/pipeline/cell-components.js";
import {labelClasses} from "../src/components/core/pipeline/label-classes.js";
import {prepareCells} from "../src/components/core/pipeline/prepare-cells.js";
import {seedDraws} from "../src/components/core/pipeline/seed-draws.js";
import {trustScores} from "../src/components/core/pipeline/trust-scores.js";
import {seedNoise} from "../src/components/core/space/seed-noise.js";
import {openBackend} from "../src/components/runtime/node-backend.js";
import {openH5File} from "../src/components/runtime/node-h5.js";
import {openNodeModel} from "../src/components/runtime/node-model.js";

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    labels: {type: "string"},
    batches: {type: "string"},
    out: {type: "string"},
    cells: {type: "string", default: "400"},
    "seed-cells": {type: "string", default: "60"},
    seeds: {type: "string", default: "4"},
    matrix: {type: "string"},
    "gene-column": {type: "string"},
    model: {type: "string"},
    threads: {type: "string", default: "1"}
  }
});
const [file] = positionals;
const {labels, out} = values;
if (file === undefined || labels === undefined || out === undefined) throw new Error("name a file, --labels and --out");
await mkdir(out, {recursive: true});

const reader = await openH5File(file);
const anndata = openAnnData(reader);
const bundle = await openNodeModel(values.model);
const everyRow = (count: number) => Int32Array.from({length: count}, (_, row) => row);
const choose = (n: number, among: number) => selectRows({mode: "random", n, seed: 0}, among) ?? everyRow(among);
const load = {matrix: values.matrix ?? null, geneColumn: values["gene-column"] ?? null};
const prepared = await prepareCells(anndata, bundle.genes, load, choose(Number(values.cells), anndata.nObs));
const encoder = await openBackend(bundle, {threads: Number(values.threads)});
const constants = bundle.manifest.sentence;
const start = performance.now();

const run = await seedDraws(prepared, encoder, {sampling: "reference", seeds: "row", draws: 1, constants, batch: 8});
const {rows, width} = run;
const group = (column: string, most: number, of: Int32Array) => {
  const text = columnAsText(anndata.column("obs", column));
  return labelClasses(
    column,
    Array.from(of, (row) => text[row]),
    most
  );
};
const classes = group(labels, 50, rows);
const batches = values.batches === undefined ? null : group(values.batches, 200, rows);
const matrix = prepared.matrix.name;
const scores = await trustScores(anndata, matrix, {
  rows,
  vectors: run.draws[0],
  width,
  labels: classes.codes,
  classes: classes.names.length,
  batches: batches?.codes
});
const components = await cellComponents(anndata, matrix, rows);

const seedRows = choose(Number(values["seed-cells"]), rows.length).map((place) => rows[place]);
const seeds = [];
for (const sampling of ["reference", "low-variance"] as const) {
  const drawn = await seedDraws({...prepared, rows: seedRows}, encoder, {
    sampling,
    seeds: "row",
    draws: Number(values.seeds),
    constants,
    batch: 8
  });
  const types = group(labels, 50, drawn.rows);
  const noise = seedNoise(drawn.draws, width, types.codes);
  seeds.push({sampling, rows: drawn.rows, msPerSentence: drawn.ms / drawn.sentences, ...noise});
  const stacked = new Float32Array(drawn.draws.length * drawn.draws[0].length);
  drawn.draws.forEach((vectors, k) => stacked.set(vectors, k * vectors.length));
  await writeFile(join(out, `draws-${sampling}.npy`), npy(stacked, [drawn.draws.length, drawn.rows.length, width]));
}
await encoder.close();
reader.close();
await writeFile(join(out, "model.npy"), npy(run.draws[0], [rows.length, width]));
await writeFile(join(out, "components.npy"), npy(components.scores, [rows.length, components.components]));
const report = {
  file: anndata.name,
  matrix,
  model: bundle.manifest.name,
  encoder: encoder.name,
  labels,
  batches: values.batches ?? null,
  classNames: classes.names,
  batchNames: batches?.names ?? [],
  rows,
  scores,
  seeds
};
await writeFile(join(out, "trust.json"), `${JSON.stringify(report, plainArrays)}\n`);
const {model: m, components: c} = scores;
process.stdout.write(
  `${anndata.name}: ${rows.length} cells, ${classes.names.length} types; accuracy ${m.labels.accuracy.toFixed(3)} (model) ` +
    `${c.labels.accuracy.toFixed(3)} (components); ${((performance.now() - start) / 1000).toFixed(0)} s, ${out}\n`
);

/** JSON has no typed arrays and no NaN: lists, and null. */
function plainArrays(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}

/** An array as numpy's file format, version 1.0: little-endian float32, C order. */
function npy(array: Float32Array, shape: number[]): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, " ");
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  header.writeUInt16LE(length - 10, 8);
  header.write(text, 10, "latin1");
  header[length - 1] = 0x0a;
  return Buffer.concat([header, Buffer.from(array.buffer, array.byteOffset, array.byteLength)]);
}
