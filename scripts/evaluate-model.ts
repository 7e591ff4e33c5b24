// node --import tsx scripts/evaluate-model.ts [--model DIR] [--cells N] [--data FOLDER] [--json]
// Scores a model bundle on public labelled cells: leave-one-out 5-nearest-neighbour accuracy and macro recall (cosine) of its
// embeddings under both samplings, beside 30 principal components of the same cells. --cells takes that many of each set, at
// random (seed 0); all by default, which takes about 20 minutes on two cores.
import {cpus} from "node:os";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {openNodeEncoder} from "../src/components/adapters/onnxruntime-node.js";
import {openAnnData, type AnnData} from "../src/components/core/anndata/anndata.js";
import {columnAsText} from "../src/components/core/anndata/column.js";
import {selectRows} from "../src/components/core/cells/select-rows.js";
import {bestPrecision} from "../src/components/core/model/best-precision.js";
import type {Bundle} from "../src/components/core/model/bundle.js";
import {defaultParameters} from "../src/components/core/pipeline/events.js";
import {labelScores, type LabelScores} from "../src/components/core/pipeline/label-scores.js";
import {runPipeline} from "../src/components/core/pipeline/run-pipeline.js";
import {readEmbeddings, type Embeddings} from "../src/components/core/tables/embeddings.js";
import type {Precision, Sampling} from "../src/components/core/types.js";
import {openH5File} from "../src/components/runtime/node-h5.js";
import {openNodeModel} from "../src/components/runtime/node-model.js";
import {nodeLayout} from "../src/components/runtime/node-umap.js";
import {software} from "../src/components/runtime/software.js";

/** Labelled sets; `keep` leaves out cells whose label is no type (doublets). */
const sets: {file: string; name: string; label: string; keep?: {column: string; value: string}}[] = [
  {file: "pbmc3k_100_counts.h5ad", name: "PBMC3k, 100 cells", label: "louvain"},
  {file: "simsweb_human_brain_rnh027_100_counts.h5ad", name: "developing brain, 100 cells (predicted labels)", label: "cell_pred"},
  {file: "darmanis2015_human_cortex_466.h5ad", name: "temporal cortex (SMART-seq)", label: "cell_type"},
  {file: "sc_mixology_celllines.h5ad", name: "five lung cancer lines", label: "cell_line_demuxlet", keep: {column: "demuxlet_cls", value: "SNG"}},
  {file: "zheng_pbmc_facs_3874.h5ad", name: "sorted PBMC, Zheng", label: "celltype"},
  {file: "mudan_sorted_pbmc_reference_2140.h5ad", name: "sorted PBMC, MUDAN", label: "celltype"}
];

const {values: options} = parseArgs({
  options: {model: {type: "string"}, cells: {type: "string"}, data: {type: "string", default: "../shared/data/cells"}, precision: {type: "string"}, json: {type: "boolean"}}
});
const bundle = await openNodeModel(options.model);
const precision = bestPrecision(bundle, {wanted: options.precision as Precision | undefined});
const results = [];
for (const set of sets) {
  const path = join(options.data, set.file);
  if (!existsSync(path)) process.stderr.write(`${set.name}: left out, ${path} is not there\n`);
  else results.push({name: set.name, ...(await score(path, set, options.cells === undefined ? Infinity : Number(options.cells)))});
}
const facts = {model: bundle.manifest.name, hash: bundle.hash, precision, machine: `${cpus()[0].model}, ${cpus().length} cores`, date: new Date().toISOString().slice(0, 10)};
if (options.json) process.stdout.write(`${JSON.stringify({...facts, results}, null, 2)}\n`);
else print(results);

interface Result {
  name: string;
  cells: number;
  types: number;
  majority: number;
  reference: [accuracy: number, macroRecall: number];
  lowVariance: [accuracy: number, macroRecall: number];
  components: [accuracy: number, macroRecall: number];
}

async function score(path: string, {label, keep}: (typeof sets)[number], most: number): Promise<Omit<Result, "name">> {
  const reader = await openH5File(path);
  const anndata = openAnnData(reader);
  const names = columnAsText(anndata.column("obs", label));
  const kept = keep === undefined ? null : columnAsText(anndata.column("obs", keep.column));
  const usable = Int32Array.from(names.keys()).filter((row) => names[row] !== null && (kept === null || kept[row] === keep!.value));
  const chosen = selectRows({mode: "random", n: Math.min(most, usable.length), seed: 0}, usable.length);
  const rows = chosen === null ? usable : chosen.map((i) => usable[i]);
  const classes = [...new Set(Array.from(rows, (row) => names[row]!))].sort();
  const run = async (sampling: Sampling): Promise<LabelScores> => {
    const {vectors, width, index} = await embed(anndata, rows, sampling, bundle);
    const embedded = index.map((place) => rows[place]);
    const labels = embedded.map((row) => classes.indexOf(names[row]!));
    return labelScores(anndata, "X", {rows: embedded, vectors, width, labels, classes: classes.length});
  };
  const reference = await run("reference");
  const lowVariance = await run("low-variance");
  reader.close();
  const pair = ({accuracy, macroRecall}: {accuracy: number; macroRecall: number}): [number, number] => [accuracy, macroRecall];
  return {
    cells: reference.model.count, types: classes.length, majority: reference.model.majority,
    reference: pair(reference.model), lowVariance: pair(lowVariance.model), components: pair(reference.components)
  };
}

async function embed(anndata: AnnData, rows: Int32Array, sampling: Sampling, model: Bundle): Promise<Embeddings> {
  let result: Embeddings | undefined;
  await runPipeline(
    {anndata, provenance: {name: anndata.name, bytes: anndata.reader.byteLength, identity: ""}},
    {bundle: model, software, layoutEngine: nodeLayout, openEncoder: () => openNodeEncoder(model, {precision})},
    {
      parameters: {...defaultParameters, matrix: "X", sampling},
      rows,
      until: "embed",
      onEvent: (event) => {
        if (event.type === "table" && event.name === "embeddings") result = readEmbeddings(event.table);
        if (event.type === "progress" && event.stage === "embed" && process.stderr.isTTY) process.stderr.write(`\r${anndata.name} ${sampling} ${event.done} of ${event.total}  `);
      }
    }
  );
  return result!;
}

function print(rows: Result[]): void {
  const cell = ([accuracy, recall]: [number, number]) => `${accuracy.toFixed(3)} / ${recall.toFixed(3)}`;
  process.stdout.write(`${Object.entries(facts).map(([key, value]) => `${key} ${value}`).join(", ")}\n\n`);
  process.stdout.write("5-NN accuracy / macro recall, leave one out\n\n| data set | cells, types | majority | reference | low-variance | 30 PCs |\n|---|---|---|---|---|---|\n");
  for (const {name, cells, types, majority, reference, lowVariance, components} of rows) {
    process.stdout.write(`| ${name} | ${cells}, ${types} | ${majority.toFixed(3)} | ${cell(reference)} | ${cell(lowVariance)} | ${cell(components)} |\n`);
  }
}
