import type {TissueRecipe} from "./simulate-tissue.js";

/**
 * The demo's tissue: cells of the human cortex with the blood that comes along, 260 droplets of two donors.
 * Proportions, depth and quality are those of an ordinary 10x run (docs/demo-data.md), by choice and not by fit.
 */
export const cortexWithBlood: TissueRecipe = {
  parts: [
    {profile: "excitatory neuron", type: "excitatory neuron", cells: 44, medianCounts: 3400},
    {profile: "inhibitory neuron", type: "inhibitory neuron", cells: 22, medianCounts: 3000},
    {profile: "astrocyte", type: "astrocyte", cells: 22, medianCounts: 2200},
    {profile: "oligodendrocyte", type: "oligodendrocyte", cells: 32, medianCounts: 2000},
    {profile: "oligodendrocyte precursor", type: "oligodendrocyte precursor", cells: 10, medianCounts: 2200},
    {profile: "microglia", type: "microglia", cells: 14, medianCounts: 1700},
    {profile: "CD4 naive T cell", type: "CD4 T cell", cells: 11, medianCounts: 1600},
    {profile: "CD4 memory T cell", type: "CD4 T cell", cells: 19, medianCounts: 1800},
    {profile: "CD8 naive T cell", type: "CD8 T cell", cells: 7, medianCounts: 1600},
    {profile: "CD8 cytotoxic T cell", type: "CD8 T cell", cells: 11, medianCounts: 1800},
    {profile: "NK cell", type: "NK cell", cells: 14, medianCounts: 1600},
    {profile: "B cell", type: "B cell", cells: 15, medianCounts: 1600},
    {profile: "monocyte", type: "monocyte", cells: 17, medianCounts: 2000}
  ],
  countsSpread: 0.4,
  donors: [
    {name: "donor A", share: 0.55},
    {name: "donor B", share: 0.45}
  ],
  donorSpread: 0.16,
  programs: {number: 5, spread: 0.25},
  ambientShare: [0.02, 0.12],
  mitochondrialSpread: 0.4,
  dying: {cells: 9, mitochondrialShare: [0.2, 0.45], remainingCounts: [0.3, 0.7]},
  doublets: 7,
  nearEmpty: {cells: 6, counts: [50, 150]},
  seed: 2026
};
