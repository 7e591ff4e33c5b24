import type {CostShape} from "./expected-cost.js";

/** Something that is known of a checkpoint, and who says so. */
export interface CheckpointFact {
  about: "trained on" | "species" | "size" | "shape" | "license";
  said: string;
  source: string;
}

/** A checkpoint that its makers published. Nothing is known of it here beyond its facts: the rest is read from its own files. */
export interface PublishedCheckpoint {
  /** Repository on Hugging Face. */
  repository: string;
  /** What it is called here: the repository without its owner. */
  name: string;
  address: string;
  facts: readonly CheckpointFact[];
  /** How to cite it, as far as we know. */
  citation: string;
  /** True where the human gene table that comes with this workbook is of its vocabulary; else its gene dictionary has to be given. */
  humanGenes: boolean;
  /** What it will cost follows from this, for the human genes; null where only its header can tell. */
  shape: CostShape | null;
  /** Bytes that a conversion of the human genes fetches, as far as the layout tells; null where only the header can. */
  expectedBytes: number | null;
}

const byName = "its name";
const byLayout = "the layout that its makers describe";
const byPage = "its page on Hugging Face, 2026";
const citation =
  "its own page says how. The method: Y. Rosen and others, Universal Cell Embeddings, bioRxiv 2023.11.28.568918";

/** The shape of the first two with 19,656 human genes, as their makers describe the layout. */
const layoutShape: CostShape = {
  layers: 8,
  width: 512,
  heads: 16,
  feedForward: 2048,
  outputWidth: 512,
  tableRows: 19_698
};

/** The layout of the first two, and what 19,656 human genes and the encoder weigh of it (docs/model.md). */
const layout: CheckpointFact[] = [
  {about: "shape", said: "8 layers, 512 wide, vocabulary 145,469", source: byLayout},
  {about: "size", said: "3.1 GB, of which the human genes take about 0.5 GB", source: byLayout}
];

/**
 * The checkpoints that are offered by name. None was fetched to write this: a fact is from its maker's words, and what is not listed is
 * not known.
 */
export const publishedCheckpoints: readonly PublishedCheckpoint[] = [
  published("KuanP/uce-brain-pilot-8l-512d", true, 526e6, [
    {about: "trained on", said: "brain organoids", source: byPage},
    ...layout
  ]),
  published("KuanP/uce-cxg-2025-baseline-8l-512d", true, 526e6, [
    {about: "trained on", said: "CELLxGENE 2025", source: byName},
    ...layout
  ]),
  published("KuanP/brain-uce-pilot-mix-v2", false, null, []),
  published("KuanP/brain-uce-pilot-mix-v3", false, null, [
    {about: "species", said: "13 species", source: byPage},
    {about: "shape", said: "512 wide", source: byPage},
    {about: "size", said: "5.58 GB", source: byPage},
    {about: "license", said: "“license not yet chosen”", source: byPage}
  ]),
  published("KuanP/uce-multispecies-2025-11-08", false, null, [
    {about: "species", said: "10 species", source: byPage},
    {about: "shape", said: "4 heads, vocabulary 178,331", source: byPage}
  ])
];

function published(
  repository: string,
  humanGenes: boolean,
  expectedBytes: number | null,
  facts: CheckpointFact[]
): PublishedCheckpoint {
  const name = repository.split("/")[1];
  return {
    repository,
    name,
    address: `https://huggingface.co/${repository}`,
    facts,
    citation,
    humanGenes,
    shape: expectedBytes === null ? null : layoutShape,
    expectedBytes
  };
}

/** The published checkpoint that a model was converted from, by the address in its manifest; undefined for another. */
export function publishedAt(address: string): PublishedCheckpoint | undefined {
  return publishedCheckpoints.find((one) => address === one.address || address.startsWith(`${one.address}/`));
}
