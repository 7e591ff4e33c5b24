import type {AnnData} from "./anndata.js";

/** Names of the matrices in the order in which counts are looked for. */
export function searchOrder(anndata: AnnData): string[] {
  const names = anndata.matrices.map(({name}) => name);
  return names
    .map((name, i) => ({name, i, rank: rankOf(name)}))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({name}) => name);
}

function rankOf(name: string): number {
  if (name === "X") return 0;
  if (name === "raw/X") return 1;
  const layer = name.replace(/^layers\//, "").toLowerCase();
  if (/unspliced|ambiguous|intron/.test(layer)) return 5;
  if (/log|norm|scale|cpm|tpm|fpkm|rpkm/.test(layer)) return 4;
  if (/^(raw_?)?counts?(_raw)?$/.test(layer)) return 2;
  return /count|umi|raw|reads/.test(layer) ? 2.5 : 3;
}
