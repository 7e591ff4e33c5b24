import {NumpyGenerator} from "../cells/numpy-rng.js";
import type {ModelGene} from "../types.js";
import {normals} from "./normals.js";

/**
 * Well-known marker genes of cell types of the human cortex and blood, as in the reference maps that name them:
 * cortex, Lake et al. 2018 (doi:10.1038/nbt.4038); blood, Zheng et al. 2017 (doi:10.1038/ncomms14049).
 */
export const markers: Readonly<Record<string, readonly string[]>> = {
  "excitatory neuron": ["SLC17A7", "SATB2", "CAMK2A", "NRGN", "SNAP25", "SYT1", "NEUROD2", "CUX2", "RORB", "TBR1", "GRIN1", "STMN2"],
  "inhibitory neuron": ["GAD1", "GAD2", "SLC32A1", "DLX1", "DLX2", "SST", "PVALB", "VIP", "SNAP25", "SYT1", "LHX6", "STMN2"],
  astrocyte: ["GFAP", "AQP4", "SLC1A2", "SLC1A3", "ALDH1L1", "GJA1", "S100B", "SOX9", "CLU", "APOE", "FGFR3", "GPC5"],
  oligodendrocyte: ["MBP", "PLP1", "MOBP", "MOG", "CNP", "MAG", "OPALIN", "CLDN11", "ERMN", "SOX10", "ST18", "CRYAB"],
  microglia: ["CSF1R", "P2RY12", "CX3CR1", "C1QA", "C1QB", "C1QC", "AIF1", "TYROBP", "CD74", "HLA-DRA", "TREM2", "FCGR3A"],
  "T cell": ["CD3D", "CD3E", "CD3G", "IL7R", "CD2", "TRAC", "LTB", "CCR7", "LCK", "CD27", "LDHB", "TCF7"],
  "B cell": ["MS4A1", "CD79A", "CD79B", "CD74", "HLA-DRA", "CD19", "BANK1", "IGHM", "TCL1A", "CD37", "VPREB3", "HLA-DQA1"],
  monocyte: ["LYZ", "CD14", "S100A8", "S100A9", "FCN1", "VCAN", "CST3", "TYROBP", "CTSS", "LGALS3", "AIF1", "FCER1G"]
};

/**
 * A made-up profile for each type of `markers`: every gene a log-normal base level (most genes rare, as in droplet data),
 * ribosomal and mitochondrial genes high, some 400 genes shifted at random in each type, and its markers strongly up.
 * Returns abundances in the order of `genes`. Deterministic in `seed`.
 */
export function markerProfiles(genes: readonly ModelGene[], seed: number): {name: string; profile: Float64Array}[] {
  const random = new NumpyGenerator(seed);
  const base = normals(random, genes.length).map((z, g) => Math.exp(2 * z - 4) * housekeeping(genes[g].symbol));
  const index = new Map(genes.map(({symbol}, g) => [symbol, g]));
  return Object.entries(markers).map(([name, symbols]) => {
    const profile = base.slice();
    const shifts = normals(random, 400);
    for (const shift of shifts) profile[Math.floor(random.double() * genes.length)] *= Math.exp(1.5 * shift);
    for (const symbol of symbols) {
      const g = index.get(symbol);
      if (g !== undefined) profile[g] = Math.max(profile[g], 1) * (4 + 12 * random.double());
    }
    return {name, profile};
  });
}

function housekeeping(symbol: string): number {
  if (/^RP[LS]\d+[AXYL]?\d*$/.test(symbol)) return 400;
  if (/^MT-/.test(symbol)) return 300;
  return ["ACTB", "GAPDH", "B2M", "EEF1A1", "TMSB4X", "FTL", "FTH1", "UBC", "TPT1"].includes(symbol) ? 600 : 1;
}
