import {originalOutput} from "./architecture.js";
import type {CostShape} from "./expected-cost.js";

/** Something that is known of a checkpoint, and who says so. */
export interface CheckpointFact {
  about: "model" | "trained on" | "species" | "size" | "shape" | "license";
  said: string;
  source: string;
}

/** A checkpoint that was published. Nothing is known of it here beyond its facts: the rest is read from its own files. */
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

/** The shape of the original UCE with the same genes, and bytes that they and the rest of its weights take (docs/model.md). */
const originalShape = (layers: number): CostShape => ({
  layers,
  width: 1280,
  heads: 20,
  feedForward: 5120,
  outputWidth: 1280,
  output: originalOutput(1280),
  tableRows: 19_698
});
const originalBytes = (layers: number): number => 4 * (19_698 * 5120 + layers * 19.68e6 + 27.4e6);

const byCode = "the public code of the model, snap-stanford/UCE";
const byRepository = "the name of its repository";

/** What is known of both sizes of the original UCE. */
const original = (layers: number, whole: string): CheckpointFact[] => [
  {
    about: "model",
    said: "the original UCE, a copy that others than its makers keep",
    source: byRepository
  },
  {about: "shape", said: `${layers} layers, 1280 wide, vocabulary 145,469`, source: byCode},
  {
    about: "size",
    said: `${whole}, of which the human genes and the layers take about ${(originalBytes(layers) / 1e9).toFixed(1)} GB`,
    source: byCode
  },
  {
    about: "license",
    said: "its makers' deposit and this copy state it differently: read both pages",
    source: "notices of projects that use it, 2026"
  }
];

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
  {
    ...published("minwoosun/uce-100m", true, originalBytes(4), original(4, "3.4 GB")),
    shape: originalShape(4)
  },
  {
    ...published("minwoosun/uce-650m", true, originalBytes(33), original(33, "5.7 GB")),
    shape: originalShape(33)
  },
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
