// node --import tsx scripts/evaluate-model.ts [--model DIR] [--precision P] [--cells N] [--sets a,b] [--data FOLDER] [--out FILE]
// Scores a model bundle on public labeled cells: leave-one-out 5-nearest-neighbor accuracy and macro recall (cosine) of its
// embeddings under both samplings, beside 30 principal components of the same cells; and the expression head on 200 cells of
// each. Prints the model card's tables and, where training/evaluation.json has the same set, how far the two are apart. --cells takes that many of each set, at random (seed 0);
// all by default, which takes about 20 minutes on two cores. --out keeps every finished set in a JSON file: called again with
// it, the script goes on with the sets that are missing.
import {cpus} from "node:os";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {openNodeEncoder} from "../src/components/adapters/onnxruntime-node.js";
import {openAnnData, type AnnData} from "../src/components/core/anndata/anndata.js";
import {columnAsText} from "../src/components/core/anndata/column.js";
import {selectRows} from "../src/components/core/cells/select-rows.js";
import {bestPrecision} from "../src/components/core/model/best-precision.js";
import type {Bundle} from "../src/components/core/model/bundle.js";
import {defaultParameters} from "../src/components/core/parameters.js";
import {trustScores, type TrustScores} from "../src/components/core/pipeline/trust-scores.js";
import {runPipeline} from "../src/components/core/pipeline/run-pipeline.js";
import {readEmbeddings, type Embeddings} from "../src/components/core/tables/embeddings.js";
import type {Precision, Sampling} from "../src/components/core/types.js";
import {openH5File} from "../src/components/runtime/node-h5.js";
import {openNodeModel} from "../src/components/runtime/node-model.js";
import {createUmapEngine} from "../src/components/core/space/umap-engine.js";
import {software} from "../src/components/runtime/software.js";
import {evaluateExpression, type ExpressionScore} from "./evaluate-expression.js";

/** Labeled sets, named as in training/evaluation.json; `keep` leaves out cells whose label is no type (doublets). */
const sets: {key: string; file: string; name: string; label: string; keep?: {column: string; value: string}}[] = [
  {key: "pbmc3k", file: "pbmc3k_100_counts.h5ad", name: "PBMC3k, 100 cells", label: "louvain"},
  {
    key: "sims",
    file: "simsweb_human_brain_rnh027_100_counts.h5ad",
    name: "developing brain, 100 cells (predicted labels)",
    label: "cell_pred"
  },
  {
    key: "darmanis",
    file: "darmanis2015_human_cortex_466.h5ad",
    name: "temporal cortex (SMART-seq)",
    label: "cell_type"
  },
  {
    key: "mixology",
    file: "sc_mixology_celllines.h5ad",
    name: "five lung cancer lines",
    label: "cell_line_demuxlet",
    keep: {column: "demuxlet_cls", value: "SNG"}
  },
  {key: "zheng", file: "zheng_pbmc_facs_3874.h5ad", name: "sorted PBMC, Zheng", label: "celltype"},
  {key: "mudan", file: "mudan_sorted_pbmc_reference_2140.h5ad", name: "sorted PBMC, MUDAN", label: "celltype"}
];

const {values: options} = parseArgs({
  options: {
    model: {type: "string"},
    precision: {type: "string"},
    cells: {type: "string"},
    sets: {type: "string"},
    data: {type: "string", default: "../shared/data/cells"},
    out: {type: "string"}
  }
});
const bundle = await openNodeModel(options.model);
const precision = bestPrecision(bundle, {wanted: options.precision as Precision | undefined});
const cellLimit = options.cells === undefined ? null : Number(options.cells);
const report = readReport() ?? {
  model: bundle.manifest.name,
  hash: bundle.hash,
  precision,
  cellLimit,
  machine: `${cpus()[0].model}, ${cpus().length} cores`,
  date: new Date().toISOString().slice(0, 10),
  sets: {}
};
for (const set of sets) {
  const path = join(options.data, set.file);
  if (report.sets[set.key]?.expression !== undefined || options.sets?.split(",").includes(set.key) === false) continue;
  if (!existsSync(path)) {
    process.stderr.write(`${set.name}: left out, ${path} is not there\n`);
    continue;
  }
  const {rows, names, anndata} = await usableCells(path, set, cellLimit ?? Infinity);
  const expression = await evaluateExpression(bundle, anndata, rows, {precision});
  const neighbors = report.sets[set.key] ?? {name: set.name, ...(await score(anndata, rows, names))};
  report.sets[set.key] = {...neighbors, expression};
  anndata.close();
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(report, null, 1)}\n`);
}
print(report);

/** What --out holds. */
interface Report {
  model: string;
  /** sha256 of the bundle's manifest. */
  hash: string;
  precision: Precision;
  /** Cells a set at most; null is all. */
  cellLimit: number | null;
  machine: string;
  date: string;
  sets: Record<string, Result>;
}

/** What an earlier call finished with the same model, precision and number of cells; null if there is none. */
function readReport(): Report | null {
  if (options.out === undefined || !existsSync(options.out)) return null;
  const found = JSON.parse(readFileSync(options.out, "utf8")) as Report;
  return found.hash === bundle.hash && found.precision === precision && found.cellLimit === cellLimit ? found : null;
}

interface Result {
  name: string;
  cells: number;
  types: number;
  majority: number;
  reference: [accuracy: number, macroRecall: number];
  lowVariance: [accuracy: number, macroRecall: number];
  components: [accuracy: number, macroRecall: number];
  /** Missing where an earlier call stopped before it. */
  expression?: ExpressionScore;
}

/** The cells of a file that are scored, ascending rows, and every row's label. */
async function usableCells(
  path: string,
  {label, keep}: (typeof sets)[number],
  most: number
): Promise<{anndata: AnnData; rows: Int32Array; names: (string | null)[]}> {
  const anndata = openAnnData(await openH5File(path));
  const names = columnAsText(anndata.column("obs", label));
  const kept = keep === undefined ? null : columnAsText(anndata.column("obs", keep.column));
  const usable = Int32Array.from(names.keys()).filter(
    (row) => names[row] !== null && (kept === null || kept[row] === keep!.value)
  );
  const chosen = selectRows({mode: "random", n: Math.min(most, usable.length), seed: 0}, usable.length);
  return {anndata, names, rows: chosen === null ? usable : chosen.map((i) => usable[i])};
}

async function score(
  anndata: AnnData,
  rows: Int32Array,
  names: (string | null)[]
): Promise<Omit<Result, "name" | "expression">> {
  const classes = [...new Set(Array.from(rows, (row) => names[row]))].sort();
  const run = async (sampling: Sampling): Promise<TrustScores> => {
    const {vectors, width, index} = await embed(anndata, rows, sampling, bundle);
    const embedded = index.map((place) => rows[place]);
    const labels = embedded.map((row) => classes.indexOf(names[row]));
    return trustScores(anndata, "X", {rows: embedded, vectors, width, labels, classes: classes.length});
  };
  const reference = await run("reference");
  const lowVariance = await run("low-variance");
  const pair = ({accuracy, macroRecall}: {accuracy: number; macroRecall: number}): [number, number] => [
    rounded(accuracy),
    rounded(macroRecall)
  ];
  return {
    cells: reference.model.labels.count,
    types: classes.length,
    majority: rounded(reference.model.labels.majority),
    reference: pair(reference.model.labels),
    lowVariance: pair(lowVariance.model.labels),
    components: pair(reference.components.labels)
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}

async function embed(anndata: AnnData, rows: Int32Array, sampling: Sampling, model: Bundle): Promise<Embeddings> {
  let result: Embeddings | undefined;
  await runPipeline(
    {anndata, provenance: {name: anndata.name, bytes: anndata.reader.byteLength, identity: ""}},
    {bundle: model, software, layoutEngine: createUmapEngine(), openEncoder: () => openNodeEncoder(model, {precision})},
    {
      parameters: {...defaultParameters, matrix: "X", sampling},
      rows,
      until: "embed",
      onEvent: (event) => {
        if (event.type === "table" && event.name === "embeddings") result = readEmbeddings(event.table);
        if (event.type === "progress" && event.stage === "embed" && process.stderr.isTTY)
          process.stderr.write(`\r${anndata.name} ${sampling} ${event.done} of ${event.total}  `);
      }
    }
  );
  return result!;
}

interface Score {
  accuracy: number;
  macroRecall: number;
}

/** The shipped run's figures in training/evaluation.json; undefined where that has other cells. */
function committed(key: string, cells: number) {
  const {runs} = JSON.parse(readFileSync("training/evaluation.json", "utf8")) as {
    runs: {
      final: {
        sets: Record<
          string,
          {cells: number; reference: {knn: Score}; lowVariance: {knn: Score}; expression: ExpressionScore} | undefined
        >;
      };
    };
  };
  const same = runs.final.sets[key];
  return same?.cells === cells ? same : undefined;
}

/** Greatest distance in accuracy and in macro recall to the committed figures; null where there are none for these cells. */
function apart(key: string, {cells, reference, lowVariance}: Result): [accuracy: number, macroRecall: number] | null {
  const there = committed(key, cells);
  if (there === undefined) return null;
  const pairs = [
    [reference, there.reference.knn],
    [lowVariance, there.lowVariance.knn]
  ] as const;
  return [
    Math.max(...pairs.map(([[accuracy], knn]) => Math.abs(accuracy - knn.accuracy))),
    Math.max(...pairs.map(([[, macroRecall], knn]) => Math.abs(macroRecall - knn.macroRecall)))
  ];
}

function print(found: Report): void {
  const pair = ([accuracy, recall]: [number, number]) => `${accuracy.toFixed(3)} / ${recall.toFixed(3)}`;
  const {sets: results, ...facts} = found;
  const lines = Object.entries(results).map(([key, result]) => {
    const {name, cells, types, majority, reference, lowVariance, components} = result;
    const difference = apart(key, result);
    return `| ${[name, `${cells}, ${types}`, majority.toFixed(3), pair(reference), pair(lowVariance), pair(components), difference === null ? "other cells" : pair(difference)].join(" | ")} |`;
  });
  process.stdout.write(
    [
      Object.entries(facts)
        .map(([key, value]) => `${key} ${value}`)
        .join(", "),
      "",
      "5-NN accuracy / macro recall, leave one out; the last column is the greatest distance to training/evaluation.json",
      "",
      "| data set | cells, types | majority | reference sampling | low-variance sampling | 30 PCs, cosine | apart |",
      "|---|---|---|---|---|---|---|",
      ...lines,
      "",
      "Mean area under the ROC curve (here, training/evaluation.json): 20 % of a cell's genes hidden from it against genes not counted",
      "",
      "| data set | cells | head | detection rate in the set | head, all genes shown |",
      "|---|---|---|---|---|",
      ...Object.entries(results).flatMap(([key, {name, cells, expression}]) => {
        if (expression === undefined) return [];
        const there = committed(key, cells)?.expression;
        const both = (part: keyof ExpressionScore) =>
          `${expression[part].toFixed(3)}, ${there === undefined ? "other cells" : there[part].toFixed(3)}`;
        return `| ${name} | ${expression.cells} | ${both("hidden")} | ${both("hiddenOwnRate")} | ${both("all")} |`;
      }),
      ""
    ].join("\n")
  );
}
