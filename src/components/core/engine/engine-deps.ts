import type {AliasTable} from "../cells/alias-table.js";
import type {CommunityFinder} from "../clusters/communities.js";
import type {ExpressionHead} from "../embed/expression-head.js";
import type {LayerProbe} from "../embed/layer-probe.js";
import type {EncoderChoice, FallbackListener} from "../embed/resilient-encoder.js";
import type {Bundle} from "../model/bundle.js";
import type {TaskOptions} from "../questions/context.js";
import type {LayoutEngine} from "../space/layout.js";
import type {BackendChoice} from "../stages/chain.js";
import type {ResultStore} from "../store/result-store.js";
import type {Precision} from "../types.js";
import type {NeighborSearch} from "../vectors/neighbors.js";
import type {OpenSource} from "./open-source.js";

/** What the machine that an engine runs on brings. `Source` says where a file lies: a Blob, a path. */
export interface EngineDeps<Source extends {identity?: string}> {
  software: {name: string; version: string};
  layoutEngine: LayoutEngine;
  /** Finds clusters in the neighbor graph. */
  communities: CommunityFinder;
  /** Finds neighbors for the map; on this processor unless told. Whatever finds them, they are the same. */
  search?: NeighborSearch;
  /** True if batches may grow with the device; false where bytes must repeat. */
  adapt: boolean;
  /** Opens a file; `onProgress` is told how far a matrix is turned into rows, where it has to be. */
  openSource(source: Source, options?: TaskOptions): Promise<OpenSource>;
  /** The table of previous and alias gene symbols, loaded when names ask for it. */
  aliases(): Promise<AliasTable>;
  /** The bundle at an address; null is the workbook's own. Kept by the machine. */
  model(address: string | null): Promise<Bundle>;
  precisionOf(model: Bundle): Precision;
  /** Ways to run a model here, best first. */
  encoderChoices(model: Bundle, backend: BackendChoice, onFallback: FallbackListener): Promise<EncoderChoice[]>;
  openHead(model: Bundle): Promise<ExpressionHead>;
  /** A model with its layers' outputs, on the device that a choice of backend allows. */
  openLayers(model: Bundle, backend: BackendChoice, signal?: AbortSignal): Promise<LayerProbe>;
  /** Where results are kept; `fault` says why that is not where they should be. */
  storage(): Promise<{store: ResultStore; fault: string | null}>;
}
