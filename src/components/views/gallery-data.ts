import {NumpyGenerator} from "../core/cells/numpy-rng.js";
import {normals} from "../core/demo/normals.js";
import type {ObsColumn} from "../core/tables/cells.js";

/** Made-up cells for the gallery of views: islands on a plane and columns of every kind. */
export interface GalleryCells {
  positions: Float32Array;
  cellIds: string[];
  obs: ObsColumn[];
}

const typeNames = [
  "CD4 T cell", "CD8 T cell", "B cell", "NK cell", "classical monocyte", "non-classical monocyte", "conventional dendritic cell",
  "plasmacytoid dendritic cell", "plasma cell", "megakaryocyte", "hematopoietic stem cell", "erythrocyte"
];

/** `n` cells in twelve islands of unequal size; the same seed gives the same cells. */
export function galleryCells(n: number, seed = 7): GalleryCells {
  const random = new NumpyGenerator(seed);
  const centers = typeNames.map((_, k) => [8 * Math.cos(2.4 * k) * Math.sqrt((k + 1) / 12), 6 * Math.sin(2.4 * k) * Math.sqrt((k + 1) / 12)]);
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
    positions[2 * i] = centers[type]![0]! + 0.8 * noise[3 * i]! + 2.2 * arm;
    positions[2 * i + 1] = centers[type]![1]! + 0.6 * noise[3 * i + 1]! + 1.2 * Math.sin(4 * arm + type);
    counts[i] = Math.round(Math.exp(8.5 + 0.7 * noise[3 * i + 2]! + 0.1 * type));
    if (random.double() < 0.02) valid[i] = 0;
  }
  const clusterNames = Array.from({length: 72}, (_, k) => `cluster ${k}`);
  return {
    positions,
    cellIds: Array.from({length: n}, (_, i) => `AAACCTG${(i * 7919).toString(4).padStart(9, "0").replace(/[0-3]/g, (d) => "ACGT"[Number(d)]!)}-1`),
    obs: [
      {name: "cell_type", kind: "categorical", codes: types, categories: typeNames},
      {name: "cluster", kind: "categorical", codes: clusters, categories: clusterNames},
      {name: "total_counts", kind: "number", values: counts},
      {name: "percent_mito", kind: "number", values: Float64Array.from(counts, (_, i) => 5 + 2 * noise[3 * i]!), valid},
      {name: "is_doublet", kind: "boolean", values: Uint8Array.from(counts, (_, i) => Number(noise[3 * i + 2]! > 1.6)), valid}
    ]
  };
}

/** Positions of a layout that forms: from a heap in the middle (share 0) to where the cells belong (share 1). */
export function formingPositions(positions: Float32Array, share: number): Float32Array {
  return positions.map((value, i) => value * share ** 0.7 + (1 - share) * Math.sin(i * 12.9898) * 0.6);
}
