import {NumpyGenerator} from "../components/core/cells/numpy-rng.js";
import {normals} from "../components/core/demo/normals.js";
import type {CellQuality} from "../components/core/cells/quality.js";
import type {ObsColumn} from "../components/core/tables/cells.js";

/** Made-up cells for the gallery of views: islands on a plane and columns of every kind. */
export interface GalleryCells {
  positions: Float32Array;
  cellIds: string[];
  obs: ObsColumn[];
}

const typeNames = [
  "CD4 T cell",
  "CD8 T cell",
  "B cell",
  "NK cell",
  "classical monocyte",
  "non-classical monocyte",
  "conventional dendritic cell",
  "plasmacytoid dendritic cell",
  "plasma cell",
  "megakaryocyte",
  "hematopoietic stem cell",
  "erythrocyte"
];

/** `n` cells in twelve islands of unequal size; the same seed gives the same cells. */
export function galleryCells(n: number, seed = 7): GalleryCells {
  const random = new NumpyGenerator(seed);
  const centers = typeNames.map((_, k) => [
    8 * Math.cos(2.4 * k) * Math.sqrt((k + 1) / 12),
    6 * Math.sin(2.4 * k) * Math.sqrt((k + 1) / 12)
  ]);
  const noise = normals(random, 3 * n);
  const positions = new Float32Array(2 * n);
  const types = new Int32Array(n);
  const clusters = new Int32Array(n);
  const counts = new Float64Array(n);
  const valid = new Uint8Array(n).fill(1);
  for (let i = 0; i < n; ++i) {
    const type = Math.floor(random.double() ** 2 * typeNames.length);
    const arm = random.double();
    types[i] = random.double() < 0.03 ? -1 : type;
    clusters[i] = 6 * type + Math.floor(arm * 6);
    positions[2 * i] = centers[type][0] + 0.8 * noise[3 * i] + 2.2 * arm;
    positions[2 * i + 1] = centers[type][1] + 0.6 * noise[3 * i + 1] + 1.2 * Math.sin(4 * arm + type);
    counts[i] = Math.round(Math.exp(8.5 + 0.7 * noise[3 * i + 2] + 0.1 * type));
    if (random.double() < 0.02) valid[i] = 0;
  }
  const clusterNames = Array.from({length: 72}, (_, k) => `cluster ${k}`);
  return {
    positions,
    cellIds: Array.from(
      {length: n},
      (_, i) =>
        `AAACCTG${(i * 7919)
          .toString(4)
          .padStart(9, "0")
          .replace(/[0-3]/g, (d) => "ACGT"[Number(d)])}-1`
    ),
    obs: [
      {name: "cell_type", kind: "categorical", codes: types, categories: typeNames},
      {name: "cluster", kind: "categorical", codes: clusters, categories: clusterNames},
      {name: "total_counts", kind: "number", values: counts},
      {name: "percent_mito", kind: "number", values: Float64Array.from(counts, (_, i) => 5 + 2 * noise[3 * i]), valid},
      {
        name: "is_doublet",
        kind: "boolean",
        values: Uint8Array.from(counts, (_, i) => Number(noise[3 * i + 2] > 1.6)),
        valid
      }
    ]
  };
}

/** Positions of a layout that forms: from a heap in the middle (share 0) to where the cells belong (share 1). */
export function formingPositions(positions: Float32Array, share: number): Float32Array {
  return positions.map((value, i) => value * share ** 0.7 + (1 - share) * Math.sin(i * 12.9898) * 0.6);
}

/** Another map of the same cells: turned, bent and noisy, so that it is neither the same nor unrelated. */
export function gallerySecondMap(positions: Float32Array, seed: number): Float32Array {
  const noise = normals(new NumpyGenerator(seed), positions.length);
  return positions.map((_, i) => {
    const [x, y] = [positions[i & ~1], positions[i | 1]];
    return (i % 2 === 0 ? y + 0.06 * x * x * seed : x - Math.abs(y)) + 0.5 * noise[i];
  });
}

/** Genes of the made-up cells, whose counts take a while as a file's do. */
export function galleryGenes({obs}: GalleryCells) {
  const genes = ["MS4A1", "CD3D", "CD3E", "CD8A", "NKG7", "LYZ", "PPBP", "HBB", "MT-ND1", "CD79A", "CD14"];
  const types = obs[0].kind === "categorical" ? obs[0].codes : new Int32Array(0);
  const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      setTimeout(resolve, ms);
      signal?.addEventListener("abort", () => reject(signal.reason as Error));
    });
  return {
    names: async () => genes,
    totals: async () => new Float64Array(types.length).fill(5000),
    async counts(
      gene: string,
      {signal, onProgress}: {signal?: AbortSignal; onProgress?(done: number, total: number): void} = {}
    ) {
      for (let step = 1; step <= 4; ++step) {
        await wait(40, signal);
        onProgress?.(step, 4);
      }
      const at = genes.indexOf(gene);
      const noise = normals(new NumpyGenerator(at), types.length);
      return Float32Array.from(types, (type, i) =>
        Math.max(0, Math.round(Math.exp((type === at % 12 ? 2.5 : 0) + 0.9 * noise[i]) - 1))
      );
    }
  };
}

/** Quality measures of `n` made-up cells, some of them empty droplets or dying. */
export function galleryQuality(n: number, seed = 11): CellQuality {
  const random = new NumpyGenerator(seed);
  const noise = normals(random, 3 * n);
  const totalCounts = Float64Array.from({length: n}, (_, i) =>
    Math.round(Math.exp((i % 9 === 0 ? 5.5 : 8.4) + 0.6 * noise[3 * i]))
  );
  return {
    totalCounts,
    nGenes: Int32Array.from(totalCounts, (total, i) =>
      Math.round(2.2 * total ** 0.82 * Math.exp(0.1 * noise[3 * i + 1]))
    ),
    mitoShare: totalCounts.map((_, i) => Math.min(0.9, Math.exp((i % 14 === 0 ? -0.9 : -3) + 0.45 * noise[3 * i + 2]))),
    mitoGenes: ["MT-ND1", "MT-CO1"]
  };
}
