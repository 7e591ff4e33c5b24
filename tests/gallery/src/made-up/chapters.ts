import type {CountRecovery} from "../components/core/anndata/count-recovery.js";
import {fileTree, type FileNode} from "../components/core/anndata/file-tree.js";
import type {H5Node, H5Reader, H5Value} from "../components/core/anndata/h5-reader.js";
import {countScales} from "../components/core/anndata/recover-counts.js";
import {alignGenes} from "../components/core/cells/align.js";
import {cellSteps, type CellSteps} from "../components/core/cells/cell-steps.js";
import {createRandom} from "../components/core/random.js";
import type {ModelGene, Sampling} from "../components/core/types.js";

/** Chromosomes of the made-up genome, and how far each reaches (base pairs). */
const chromosomes = [564, 575, 579, 580, 581, 583, 572, 574, 577, 612, 611];
const extents = new Map(chromosomes.map((id, i) => [id, id === 611 ? 16_000 : 250e6 / (1 + 0.25 * i)]));
const constants = {sampleSize: 1024, pad: 0, cls: 1, chromosomeEnd: 2000, chromosomeOffset: 1000};

/** One made-up cell from counts to tokens, the same every time. */
export function galleryCellSteps(sampling: Sampling = "reference"): {steps: CellSteps; extents: Map<number, number>} {
  const random = createRandom(5);
  const genes: ModelGene[] = Array.from({length: 600}, (_, i) => {
    const chromosome = chromosomes[Math.floor(random.next() ** 1.3 * chromosomes.length)];
    return {
      symbol: `GENE${i + 1}`,
      token: 13466 + i,
      chromosome,
      start: Math.floor(random.next() * extents.get(chromosome)!)
    };
  });
  const values = Float32Array.from(genes, () => Math.floor(Math.exp(random.next() ** 3 * 5)));
  const indices = Int32Array.from(genes.keys());
  const block = {rows: Int32Array.of(17), nCols: genes.length, indptr: Int32Array.of(0, genes.length), indices, values};
  const alignment = alignGenes(
    genes.map(({symbol}) => symbol),
    genes
  );
  return {steps: cellSteps(block, alignment, {sampling, seed: 17, constants}), extents};
}

/** A made-up file as a tree. */
export function galleryFileTree(): FileNode {
  const data = (shape: number[], label: string, filters: string[] = ["byte shuffle", "gzip (deflate)"]): H5Node => ({
    kind: "dataset",
    shape,
    chunks: filters.length === 0 ? null : shape.map((n) => Math.min(n, 65_536)),
    filters: filters.map((name, id) => ({id, name})),
    dtype: {
      kind: label === "str" ? "string" : label.startsWith("f") ? "float" : "int",
      size: label === "str" ? 16 : 4,
      label
    }
  });
  const group = (...keys: string[]): H5Node => ({kind: "group", keys});
  const sparse = (path: string): Record<string, H5Node> => ({
    [path]: group("data", "indices", "indptr"),
    [`${path}/data`]: data([2_286_884], "float32"),
    [`${path}/indices`]: data([2_286_884], "int32"),
    [`${path}/indptr`]: data([2701], "int32", [])
  });
  const nodes: Record<string, H5Node> = {
    "/": group("X", "layers", "obs", "obsm", "uns", "var"),
    ...sparse("/X"),
    "/layers": group("counts", "damaged"),
    ...sparse("/layers/counts"),
    "/obs": group("_index", "cell_type"),
    "/obs/_index": data([2700], "str"),
    "/obs/cell_type": group("categories", "codes"),
    "/obs/cell_type/categories": data([8], "str", []),
    "/obs/cell_type/codes": data([2700], "int8"),
    "/obsm": group("X_umap"),
    "/obsm/X_umap": data([2700, 2], "float32"),
    "/uns": group(),
    "/var": group("_index"),
    "/var/_index": data([32_738], "str")
  };
  const attributes: Record<string, Record<string, H5Value>> = {
    "/": {"encoding-type": "anndata"},
    "/X": {"encoding-type": "csr_matrix", shape: Int32Array.of(2700, 32_738)},
    "/obs": {"encoding-type": "dataframe", "column-order": ["cell_type"]},
    "/obs/cell_type": {"encoding-type": "categorical", ordered: false},
    "/var": {"encoding-type": "dataframe"}
  };
  const reader: H5Reader = {
    name: "made-up.h5ad",
    byteLength: 0,
    node: (path) => nodes[path] ?? null,
    attributes: (path) => attributes[path] ?? {},
    read: () => null,
    close: () => undefined
  };
  return fileTree(reader);
}

/** Made-up genes, some of which a model does not know. */
export function galleryAlignment(): {names: string[]; matched: Uint8Array; countsOfGene: Float64Array; source: string} {
  const random = createRandom(3);
  const names = Array.from({length: 900}, (_, i) => (i % 6 === 1 ? `LINC${i}` : `GENE${i}`));
  return {
    names,
    matched: Uint8Array.from(names, (name) => Number(name.startsWith("GENE"))),
    source: "var/feature_name",
    countsOfGene: Float64Array.from(names, () => Math.floor(Math.exp(random.next() * 8)))
  };
}

/** Made-up quantities of `count` cells: shares lost, counts, genes. */
export function galleryQuantities(count = 800): {lost: Float64Array; counts: Float64Array; genes: Float64Array} {
  const random = createRandom(9);
  const counts = Float64Array.from({length: count}, () => Math.round(Math.exp(7.6 + 0.6 * random.normal())));
  return {
    counts,
    genes: counts.map((value) => Math.round(7 * value ** 0.66)),
    lost: counts.map(() => 0.07 * Math.exp(0.3 * random.normal()))
  };
}

/** A recovery that is possible, and one that is not. */
export function galleryRecoveries(): CountRecovery[] {
  const random = createRandom(2);
  const rows = Int32Array.from({length: 300}, (_, row) => row);
  const possible: CountRecovery = {
    matrix: "X",
    possible: true,
    why: "undoing ln(1 + x) gives whole numbers in 300 of 300 cells, none further off than 0.00013",
    scale: countScales[0],
    cells: 300,
    recovered: 300,
    complete: true,
    rows,
    errors: Float64Array.from(rows, () => 1e-4 * random.next() ** 2),
    totals: Float64Array.from(rows, () => Math.round(Math.exp(7.6 + 0.5 * random.normal()))),
    target: 10_000,
    unscaled: false
  };
  const why =
    "only 0 of 300 cells turn out whole numbers, whichever scale is undone: the values were changed after counting in some other way, or are stored too coarsely";
  return [
    possible,
    {
      ...possible,
      possible: false,
      recovered: 0,
      why,
      errors: new Float64Array(300).fill(0.5),
      totals: new Float64Array(300).fill(NaN),
      target: null
    }
  ];
}
