/**
 * Makes the demo's table of cell types, src/data/demo-profiles.arrow, from two published data sets (docs/demo-data.md
 * says what is computed and why):
 *
 *     node --import tsx scripts/make-demo-profiles.ts [FOLDER_OF_H5AD] [OUT.arrow]
 *
 * Run by hand; the default folder is ../shared/data/cells. The table holds means over cells and is committed.
 */
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {openAnnData} from "../src/components/core/anndata/anndata.js";
import {columnAsText} from "../src/components/core/anndata/column.js";
import {geneNames} from "../src/components/core/anndata/gene-names.js";
import {streamRows} from "../src/components/core/anndata/stream-rows.js";
import {parseGenes} from "../src/components/core/cells/genes-csv.js";
import {profilesTable} from "../src/components/core/demo/profiles.js";
import {tableToFileBytes} from "../src/components/core/tables/file.js";
import {openH5File} from "../src/components/runtime/node-h5.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const [folder = join(root, "../shared/data/cells"), out = join(root, "src/data/demo-profiles.arrow")] =
  process.argv.slice(2);

const cortexFile = "darmanis2015_human_cortex_466.h5ad";
const bloodFile = "zheng_pbmc_facs_3874.h5ad";
const source = [
  "Mean expression of cell types, derived from published single-cell data; no cell of theirs is in it.",
  "Cortex: Darmanis et al. 2015, PNAS, doi:10.1073/pnas.1507125112, GEO GSE67835 (public; NCBI states no restriction).",
  "Blood: Zheng et al. 2017, Nature Communications, doi:10.1038/ncomms14049, data of 10x Genomics (CC BY 4.0), as in",
  "fastTopics (BSD-2-Clause). Made by scripts/make-demo-profiles.ts; see docs/demo-data.md."
].join(" ");

/** Labels of the source that make up a type. Neurons are told apart below. */
const cortexTypes = {
  astrocyte: ["astrocytes"],
  oligodendrocyte: ["oligodendrocytes"],
  "oligodendrocyte precursor": ["OPC"],
  microglia: ["microglia"]
};
const bloodTypes = {
  "CD4 naive T cell": ["CD4+/CD45RA+/CD25- Naive T"],
  "CD4 memory T cell": ["CD4+/CD45RO+ Memory", "CD4+ T Helper2", "CD4+/CD25 T Reg"],
  "CD8 naive T cell": ["CD8+/CD45RA+ Naive Cytotoxic"],
  "CD8 cytotoxic T cell": ["CD8+ Cytotoxic T"],
  "NK cell": ["CD56+ NK"],
  "B cell": ["CD19+ B"],
  monocyte: ["CD14+ Monocyte"]
};
const neuronMarkers = {
  "excitatory neuron": ["SLC17A7", "SATB2", "NEUROD2", "CAMK2A", "SV2B"],
  "inhibitory neuron": ["GAD1", "GAD2", "SLC32A1", "DLX1", "SST", "VIP", "PVALB", "LHX6"]
};
/** Shares of a cortex cell's counts that 10x data have and these full-length reads do not show. */
const mitochondrialShare = 0.05;
const ribosomalShare = 0.06;
/** A share v of another gene becomes v / (1 + v / this): amplification and length make some reads' shares too large. */
const saturation = 0.02;

const genes = parseGenes(readFileSync(join(root, "src/data/human-genes.csv"), "utf8"));
const geneOf = new Map(genes.map(({symbol}, g) => [symbol, g]));
const mitochondrial = genes.map(({symbol}) => symbol.startsWith("MT-"));
const ribosomal = genes.map(({symbol}) => /^RP[LS]\d/.test(symbol) && !/K|L\d+L|L26L1/.test(symbol.slice(2)));

const cortex = await readCells(cortexFile, "cell_type");
const blood = await readCells(bloodFile, "celltype");

const bloodCells = Object.entries(bloodTypes).map(([name, labels]) => ({name, cells: labeled(blood, labels)}));
const bloodProfiles = pulledTogether(
  bloodCells.map(({name, cells}) => ({name, count: cells.length, abundance: pooled(cells)}))
);

const cortexCells = [
  ...neurons(labeled(cortex, ["neurons"])),
  ...Object.entries(cortexTypes).map(([name, labels]) => ({name, cells: labeled(cortex, labels)}))
];
const cortexProfiles = pulledTogether(
  cortexCells.map(({name, cells}) => ({name, count: cells.length, abundance: shrunken(cells)}))
).map(({name, abundance}) => ({name, abundance: likeDroplets(abundance)}));

const types = [...cortexProfiles, ...bloodProfiles];
const expressed = genes.flatMap((_, g) => (types.some(({abundance}) => abundance[g] >= 1e-7) ? [g] : []));
const dispersion = dispersions();
const bytes = tableToFileBytes(
  profilesTable(
    {
      tokens: Uint16Array.from(expressed, (g) => genes[g].token),
      dispersion: Float64Array.from(expressed, (g) => dispersion[g]),
      types: types.map(({name, abundance}) => ({name, abundance: Float64Array.from(expressed, (g) => abundance[g])}))
    },
    source
  )
);
writeFileSync(out, bytes);
for (const {name, cells} of [...cortexCells, ...bloodCells]) console.log(`${name}: mean of ${cells.length} cells`);
console.log(`${expressed.length} genes, ${bytes.length} bytes written to ${out}`);

/** A cell of a data set: its label and its counts over the model's genes. */
interface Cell {
  label: string;
  counts: Float64Array;
  total: number;
}

/** Cells of one file, and which of the model's genes the file has. */
interface Cells {
  cells: Cell[];
  has: boolean[];
}

async function readCells(file: string, column: string): Promise<Cells> {
  const anndata = openAnnData(await openH5File(join(folder, file)));
  try {
    const labels = columnAsText(anndata.column("obs", column));
    const gene = geneNames(anndata, anndata.matrix("X")).names.map((name) => geneOf.get(name) ?? -1);
    const has = new Array<boolean>(genes.length).fill(false);
    for (const g of gene) if (g >= 0) has[g] = true;
    const cells: Cell[] = [];
    for await (const {rows, indptr, indices, values} of streamRows(anndata, "X")) {
      rows.forEach((row, i) => {
        const counts = new Float64Array(genes.length);
        for (let at = indptr[i]; at < indptr[i + 1]; ++at) {
          const g = gene[indices[at]];
          if (g >= 0) counts[g] += values[at];
        }
        cells.push({label: labels[row] ?? "", counts, total: sum(counts)});
      });
    }
    return {cells, has};
  } finally {
    anndata.close();
  }
}

function labeled({cells}: Cells, labels: readonly string[]): Cell[] {
  return cells.filter(({label}) => labels.includes(label));
}

/** Neurons whose markers of one kind clearly outweigh the other's: mean log(1 + reads per 100,000), apart by 1. */
function neurons(cells: Cell[]): {name: string; cells: Cell[]}[] {
  const score = (cell: Cell, markers: readonly string[]) =>
    sum(markers.map((symbol) => Math.log1p((1e5 * cell.counts[geneOf.get(symbol)!]) / cell.total))) / markers.length;
  return Object.entries(neuronMarkers).map(([name, own], k) => {
    const other = Object.values(neuronMarkers)[1 - k];
    return {name, cells: cells.filter((cell) => score(cell, own) - score(cell, other) > 1)};
  });
}

/** Shares of all counts of these cells together: for counts of molecules, where every one is worth the same. */
function pooled(cells: readonly Cell[]): Float64Array {
  const totals = new Float64Array(genes.length);
  for (const {counts} of cells) counts.forEach((count, g) => (totals[g] += count));
  return scaledTo(totals, 1);
}

/**
 * Geometric mean of the cells' mean share and the square of their mean root share: for reads, where amplification can
 * make a single cell's gene a thousandfold.
 */
function shrunken(cells: readonly Cell[]): Float64Array {
  const means = new Float64Array(genes.length);
  const roots = new Float64Array(genes.length);
  for (const {counts, total} of cells) {
    counts.forEach((count, g) => {
      means[g] += count / total / cells.length;
      roots[g] += Math.sqrt(count / total) / cells.length;
    });
  }
  return scaledTo(
    means.map((mean, g) => roots[g] * Math.sqrt(mean)),
    1
  );
}

interface Profile {
  name: string;
  abundance: Float64Array;
}

/** Each type as if one more cell, the mean of all types, had been seen in it: a mean of few cells has chance zeros. */
function pulledTogether(profiles: readonly (Profile & {count: number})[]): Profile[] {
  const mean = Float64Array.from(genes, (_, g) => sum(profiles.map(({abundance}) => abundance[g])) / profiles.length);
  return profiles.map(({name, count, abundance}) => ({
    name,
    abundance: abundance.map((value, g) => (count * value + mean[g]) / (count + 1))
  }));
}

/** What a cortex profile of reads would look like as counts of molecules (docs/demo-data.md). */
function likeDroplets(profile: Float64Array): Float64Array {
  const least = (g: number) => Math.min(...bloodProfiles.map(({abundance}) => abundance[g]));
  const blooded = profile.map((value, g) => (cortex.has[g] || mitochondrial[g] ? value : least(g)));
  const part = (of: Float64Array, chosen: (g: number) => boolean, share: number) =>
    scaledTo(
      of.map((value, g) => (chosen(g) ? value : 0)),
      share
    );
  const inBlood = genes.map((_, g) => sum(bloodProfiles.map(({abundance}) => abundance[g])));
  const mixed = blooded.map((value, g) => (ribosomal[g] ? Math.sqrt(value * inBlood[g]) : value));
  const others = part(
    part(blooded, (g) => !mitochondrial[g] && !ribosomal[g], 1).map((value) => value / (1 + value / saturation)),
    () => true,
    1 - mitochondrialShare - ribosomalShare
  );
  const mitochondria = part(Float64Array.from(inBlood), (g) => mitochondrial[g], mitochondrialShare);
  const ribosomes = part(mixed, (g) => ribosomal[g], ribosomalShare);
  return others.map((value, g) => value + mitochondria[g] + ribosomes[g]);
}

/**
 * Over-dispersion of each gene by moments within the sorted populations of blood, where 100 or more molecules of it
 * were counted; elsewhere the median of these. Counts are of molecules there; the reads of cortex would tell of
 * amplification.
 */
function dispersions(): Float64Array {
  const excess = new Float64Array(genes.length);
  const squares = new Float64Array(genes.length);
  const counted = new Float64Array(genes.length);
  for (const label of new Set(blood.cells.map((cell) => cell.label))) {
    const cells = labeled(blood, [label]);
    const abundance = pooled(cells);
    for (const {counts, total} of cells) {
      for (let g = 0; g < genes.length; ++g) {
        const expected = total * abundance[g];
        excess[g] += (counts[g] - expected) ** 2 - expected;
        squares[g] += expected ** 2;
        counted[g] += counts[g];
      }
    }
  }
  const known = genes.flatMap((_, g) => (counted[g] >= 100 ? [Math.max(0, excess[g] / squares[g])] : []));
  const median = known.sort((a, b) => a - b)[known.length >> 1];
  const within = (value: number) => Math.min(4, Math.max(0.02, value));
  return excess.map((value, g) => (counted[g] >= 100 ? within(value / squares[g]) : median));
}

function scaledTo(values: Float64Array, total: number): Float64Array {
  const present = sum(values);
  return values.map((value) => (value * total) / present);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
