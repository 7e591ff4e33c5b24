import type {AnnData} from "../anndata/anndata.js";
import type {AliasTable} from "../cells/alias-table.js";
import type {CellQuality} from "../cells/quality.js";
import type {CommunityFinder} from "../clusters/communities.js";
import type {Encoder} from "../embed/encoder.js";
import type {ExpressionHead} from "../embed/expression-head.js";
import type {LayerProbe} from "../embed/layer-probe.js";
import type {EncoderChoice, FallbackListener} from "../embed/resilient-encoder.js";
import type {Bundle} from "../model/bundle.js";
import type {LayoutEngine} from "../space/layout.js";
import type {Chain} from "../stages/chain.js";
import type {ResultStore} from "../store/result-store.js";
import type {Embeddings} from "../tables/embeddings.js";
import type {Provenance, SourceProvenance} from "../tables/provenance.js";
import type {Precision} from "../types.js";
import type {NeighborSearch} from "../vectors/neighbors.js";

/** Vectors of a chain, and the matrix that they were computed from. The same object as long as they are at hand. */
export interface ChainVectors {
  cells: Embeddings;
  matrix: string;
  /** What made them; null for vectors of another program. */
  provenance: Provenance | null;
}

/** What a question about a chain is answered with. */
export interface QuestionContext {
  /** The chain that is asked about. */
  readonly chain: Chain;
  readonly anndata: AnnData;
  readonly model: Bundle;
  /** Storage precision that this machine opens the model in. */
  readonly precision: Precision;
  readonly layoutEngine: LayoutEngine;
  readonly software: Provenance["software"];
  /** The file, as tables tell of it. */
  readonly source: SourceProvenance;
  /** Finds clusters in the neighbor graph. */
  readonly communities: CommunityFinder;
  /** Finds neighbors among the chain's vectors, or knows them: those of its map. */
  readonly search: NeighborSearch;
  /** Where answers about the chain's vectors are kept, and the address of these. Rejects as `vectors` does. */
  results(): Promise<{store: ResultStore; vectorsKey: string}>;
  /** Where answers about the counts alone are kept, and what says which file they are of, whole. */
  fileResults(): Promise<{store: ResultStore; identity: string}>;
  /** The table of previous and alias symbols, loaded when names ask for it. */
  aliases(): Promise<AliasTable>;
  /** Rows of the chain's cells, ascending; null for all of the file. Rejects as `chosenRows` does. */
  rows(): Promise<Int32Array | null>;
  /** Vectors of the chain's cells, from memory or the store. Rejects with the WorkbookError "no-vectors" if they are in neither. */
  vectors(): Promise<ChainVectors>;
  /** Quality measures of all cells of the file, measured once. */
  quality(options?: TaskOptions): Promise<CellQuality>;
  /** Work that a run of the model gives way to, before its next batch. Resolves and rejects as the work does. */
  ahead<Answer>(work: Promise<Answer>): Promise<Answer>;
  /** Opens a model (the chain's) on the best device that the chain's backend allows; the caller closes it. */
  openEncoder(options?: {model?: Bundle; onFallback?: FallbackListener; signal?: AbortSignal}): Promise<Encoder>;
  /** Ways to run the chain's model here, best first, each to be opened by itself. */
  encoderWays(): Promise<EncoderChoice[]>;
  /** Opens a model with every layer's output given out, on the device that the chain's backend allows; the caller closes it. */
  openLayers(model: Bundle, signal?: AbortSignal): Promise<LayerProbe>;
  /** The expression head of a model that has one, opened once and kept. */
  openHead(model: Bundle): Promise<ExpressionHead>;
}

/** What every question is told beside its arguments. */
export interface TaskOptions {
  /** Aborted when the answer is no longer wanted. */
  signal?: AbortSignal;
  /** How far it is: `done` of `total` of whatever the question counts. */
  onProgress?(done: number, total: number): void;
}

/** A question about a chain. Arguments and answer cross between threads. */
export type Question<Arguments, Answer> = (
  context: QuestionContext,
  args: Arguments,
  options: TaskOptions
) => Promise<Answer>;
