// node --import tsx scripts/label-report.ts --data FOLDER --vectors FOLDER [--reverse]
// Label transfer from one set of sorted blood cells to another (docs/answers.md): accuracy, macro recall and calibration error, and how many cells of a type that is left out of the
// reference are called unknown; embeddings beside 30 principal components of the reference. FOLDER of --data has the two h5ad files, that of --vectors what embed wrote of each (NAME.arrow).
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {openAnnData} from "../src/components/core/anndata/anndata.js";
import {columnAsText} from "../src/components/core/anndata/column.js";
import {streamRows} from "../src/components/core/anndata/stream-rows.js";
import {calibrateLabels} from "../src/components/core/reference/calibrate-labels.js";
import type {Reference} from "../src/components/core/reference/reference.js";
import {transferLabels} from "../src/components/core/reference/transfer-labels.js";
import {logNormalize} from "../src/components/core/space/log-normalize.js";
import {sparseMatrix} from "../src/components/core/space/matrices.js";
import {principalComponents} from "../src/components/core/space/principal-components.js";
import {calibrationError} from "../src/components/core/statistics/calibration-error.js";
import {reliability} from "../src/components/core/statistics/reliability.js";
import {readEmbeddings} from "../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../src/components/core/tables/file.js";
import type {CsrBlock} from "../src/components/core/types.js";
import {pickVectors} from "../src/components/core/vectors/pick-vectors.js";
import {countsOf} from "../src/components/runtime/cli/counts-file.js";
import {openH5File} from "../src/components/runtime/node-h5.js";

const {values} = parseArgs({
  options: {data: {type: "string"}, vectors: {type: "string"}, reverse: {type: "boolean", default: false}}
});
const {data, vectors: vectorFolder} = values;
if (data === undefined || vectorFolder === undefined) throw new Error("name --data and --vectors");

/** Zheng's names of the populations, as MUDAN's; CD34+ cells are in the first set alone. */
const sameName: Record<string, string> = {
  "CD19+ B": "bcells",
  "CD14+ Monocyte": "monocytes",
  "CD56+ NK": "nk",
  "CD8+ Cytotoxic T": "cytotoxict",
  "CD4+ T Helper2": "thelper",
  "CD4+/CD45RO+ Memory": "memoryt",
  "CD8+/CD45RA+ Naive Cytotoxic": "naivecytotoxic",
  "CD4+/CD25 T Reg": "regulatoryt",
  "CD4+/CD45RA+/CD25- Naive T": "naivet",
  "CD34+": "cd34"
};
const coarse = (name: string) => (["bcells", "monocytes", "nk", "cd34"].includes(name) ? name : "T cells");

/** One set: its cells with a vector, their types and barcodes, and counts of named genes. */
interface CellSet {
  name: string;
  vectors: Float32Array;
  width: number;
  types: string[];
  barcodes: string[];
  genes: string[];
  counts: CsrBlock;
}

const sets: CellSet[] = [];
for (const name of ["zheng_pbmc_facs_3874", "mudan_sorted_pbmc_reference_2140"]) sets.push(await openSet(name));
if (values.reverse) sets.reverse();
const [reference, asked] = [sets[0], withoutShared(sets[1], new Set(sets[0].barcodes))];
console.log(
  `reference ${reference.name}, ${reference.types.length} cells; asked ${asked.name}, ${asked.types.length} cells that it lacks`
);
const components = await componentsOf(reference, asked);
for (const [level, of] of [
  ["nine types", (name: string) => name],
  ["four kinds", coarse]
] as const) {
  const spaces = {embeddings: [reference, asked] as const, components};
  for (const [space, [from, to]] of Object.entries(spaces)) {
    await report(`${level}, ${space}`, {...from, types: reference.types.map(of)}, {...to, types: asked.types.map(of)});
  }
}

type Space = Pick<CellSet, "vectors" | "width" | "types">;

async function report(title: string, from: Space, to: Space): Promise<void> {
  const whole = await transferred(from, to, null);
  const told = [...whole.codes.keys()].filter((i) => whole.codes[i] >= 0);
  const isRight = (i: number) => whole.names[whole.codes[i]] === to.types[i];
  const types = [...new Set(to.types)].sort();
  /** Mean over the types that are among these cells. */
  const macroRecall = (cells: number[]) =>
    mean(
      types.flatMap((type) => {
        const mine = cells.filter((i) => to.types[i] === type);
        return mine.length === 0 ? [] : [mine.filter(isRight).length / mine.length];
      })
    );
  const error = calibrationError(
    reliability(
      told.map((i) => whole.confidence[i]),
      told.map((i) => (isRight(i) ? 1 : 0))
    )
  );
  const anyway = to.types.filter((type, i) => whole.names[whole.nearest[i]] === type).length / to.types.length;
  console.log(`\n${title}`);
  console.log(
    `  accuracy ${percent(told.filter(isRight).length / told.length)} of the ${percent(told.length / to.types.length)} that are labeled, macro recall ${macroRecall(told).toFixed(3)} (unknown as wrong: ${macroRecall([...to.types.keys()]).toFixed(3)}); calibration error ${error.toFixed(3)}; all cells labeled: ${percent(anyway)}`
  );
  const shares: number[] = [];
  for (const type of types.filter((one) => from.types.includes(one))) {
    const without = await transferred(from, to, type);
    const unknown = (cells: number[]) => cells.filter((i) => without.codes[i] < 0).length / cells.length;
    const of = (isOfType: boolean) => [...to.types.keys()].filter((i) => (to.types[i] === type) === isOfType);
    shares.push(unknown(of(true)));
    console.log(
      `  without ${type}: ${percent(unknown(of(true)))} of its ${of(true).length} cells unknown, ${percent(unknown(of(false)))} of the others`
    );
  }
  console.log(
    `  mean over types: ${percent(mean(shares))} unknown; more often than not for ${shares.filter((share) => share > 0.5).length} of ${shares.length}`
  );
}

async function transferred(from: Space, to: Space, leftOut: string | null) {
  const names = [...new Set(from.types)].filter((type) => type !== leftOut).sort();
  const codes = Int32Array.from(from.types, (type) => names.indexOf(type));
  const known: Reference = {name: "reference", vectors: from.vectors, width: from.width, names, codes, model: null};
  return {names, ...(await transferLabels(to.vectors, to.width, known, await calibrateLabels(known)))};
}

async function openSet(name: string): Promise<CellSet> {
  const anndata = openAnnData(await openH5File(join(data!, `${name}.h5ad`)));
  const path = join(vectorFolder!, `${name}.arrow`);
  const {vectors, width, index, rows} = readEmbeddings(tableFromBytes(readFileSync(path), path));
  const kept = Int32Array.from(index, (place) => rows[place]);
  const types = columnAsText(anndata.column("obs", "celltype"));
  const {matrix, genes} = await countsOf(anndata, {}, new AbortController().signal);
  const blocks: CsrBlock[] = [];
  for await (const block of streamRows(anndata, matrix, {rows: kept, blockBytes: 1 << 30})) blocks.push(block);
  if (blocks.length !== 1) throw new Error("the counts are more than one block");
  const cellNames = anndata.obsNames();
  anndata.close();
  return {
    name,
    vectors,
    width,
    types: Array.from(kept, (row) => sameName[types[row]!] ?? types[row]!),
    barcodes: Array.from(kept, (row) => /[ACGT]{14}/.exec(cellNames[row])?.[0] ?? cellNames[row]),
    genes,
    counts: blocks[0]
  };
}

/** The set without cells whose barcode is among these: both sets were made of the same libraries. */
function withoutShared(set: CellSet, barcodes: ReadonlySet<string>): CellSet {
  const kept = Int32Array.from(set.types.keys()).filter((i) => !barcodes.has(set.barcodes[i]));
  return {
    ...set,
    vectors: pickVectors(set.vectors, set.width, kept),
    types: Array.from(kept, (i) => set.types[i]),
    barcodes: Array.from(kept, (i) => set.barcodes[i]),
    counts: pickRows(set.counts, kept)
  };
}

/** 30 principal components of the reference's log-normalized counts of the genes that both have, and the other set's place on them. */
async function componentsOf(from: CellSet, to: CellSet): Promise<[Space, Space]> {
  const shared = from.genes.filter((gene) => to.genes.includes(gene));
  const [a, b] = [from, to].map((set) => logNormalize(pickGenes(set, shared)));
  const found = await principalComponents(sparseMatrix(a), 30);
  const means = sparseMatrix(a).sums.map((sum) => sum / a.rows.length);
  const place = ({rows, indptr, indices, values: numbers}: CsrBlock) => {
    const {components, loadings} = found;
    const scores = new Float32Array(rows.length * components);
    for (let k = 0; k < components; k += 1) {
      const loading = loadings.subarray(k * shared.length, (k + 1) * shared.length);
      const middle = loading.reduce((sum, weight, j) => sum + weight * means[j], 0);
      for (let i = 0; i < rows.length; i += 1) {
        let sum = -middle;
        for (let at = indptr[i]; at < indptr[i + 1]; at += 1) sum += numbers[at] * loading[indices[at]];
        scores[i * components + k] = sum;
      }
    }
    return {vectors: scores, width: components};
  };
  console.log(`${shared.length} genes in common for components`);
  return [
    {...place(a), types: from.types},
    {...place(b), types: to.types}
  ];
}

function pickRows({indptr, indices, values: numbers, ...block}: CsrBlock, kept: Int32Array): CsrBlock {
  const spans = Array.from(kept, (i) => [indptr[i], indptr[i + 1]]);
  return {
    ...block,
    rows: kept.map((i) => block.rows[i]),
    indptr: Int32Array.from(spans.reduce((ends, [from, to]) => [...ends, ends.at(-1)! + to - from], [0])),
    indices: Int32Array.from(spans.flatMap(([from, to]) => [...indices.subarray(from, to)])),
    values: Float64Array.from(spans.flatMap(([from, to]) => [...numbers.subarray(from, to)]))
  };
}

function pickGenes({genes, counts: {rows, indptr, indices, values: numbers}}: CellSet, shared: string[]): CsrBlock {
  const place = new Map(shared.map((gene, i) => [gene, i]));
  const entries = Array.from(rows, (_, i) => {
    const mine: [number, number][] = [];
    for (let at = indptr[i]; at < indptr[i + 1]; at += 1) {
      const gene = place.get(genes[indices[at]]);
      if (gene !== undefined) mine.push([gene, numbers[at]]);
    }
    return mine.sort(([a], [b]) => a - b);
  });
  const ends = new Int32Array(rows.length + 1);
  entries.forEach((mine, i) => (ends[i + 1] = ends[i] + mine.length));
  const all = entries.flat();
  return {
    rows,
    nCols: shared.length,
    indptr: ends,
    indices: Int32Array.from(all, ([gene]) => gene),
    values: Float64Array.from(all, ([, value]) => value)
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
