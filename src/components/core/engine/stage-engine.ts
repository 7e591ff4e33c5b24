import type {Inspection} from "../anndata/inspect.js";
import type {CellQuality} from "../cells/quality.js";
import type {Encoder} from "../embed/encoder.js";
import {openResilientEncoder, type FallbackListener} from "../embed/resilient-encoder.js";
import type {Bundle} from "../model/bundle.js";
import {measureQuality} from "../pipeline/measure-quality.js";
import {modelForFile, type SpeciesChoice} from "../pipeline/model-for-file.js";
import {runStored, type Reuse} from "../pipeline/run-stored.js";
import {chainNames} from "../questions/gene-names.js";
import type {ChainVectors, QuestionContext, TaskOptions} from "../questions/context.js";
import {stageKeys} from "../store/stage-keys.js";
import type {SourceProvenance} from "../tables/provenance.js";
import type {StageName} from "../types.js";
import {keepNeighbors, type KeptSearch} from "../vectors/keep-neighbors.js";
import type {NeighborSearch} from "../vectors/neighbors.js";
import {stageAddress, type BackendChoice, type Chain} from "../stages/chain.js";
import {chosenRows} from "../stages/chosen-rows.js";
import {fileFacts, inspect, type FileFacts, type InspectChoice} from "../stages/file-facts.js";
import type {RunEvent} from "../stages/stage-host.js";
import {isAbort} from "../errors.js";
import {noVectors} from "../stages/usage-errors.js";
import type {EngineDeps} from "./engine-deps.js";
import type {OpenSource} from "./open-source.js";
import {keptInspection} from "./kept-inspection.js";
import {OpenFiles, type Opened} from "./open-files.js";
import {VectorsAtHand} from "./vectors-at-hand.js";

export type {OpenSource} from "./open-source.js";

/** A run, as it crosses to where it is computed. */
export interface EngineOrder<Source> {
  source: Source;
  chain: Chain;
  until: StageName;
  wanted: readonly StageName[];
  reuse: Reuse;
}

/** Most cells whose probabilities (8 bytes a gene that a cell has) and sentences (4 bytes a token) are kept unasked. */
const unasked = {normalize: 3000, sample: 10_000};
/** Files that are open at once though nobody uses them, and chains whose vectors are at hand. */
const mostOpen = 2;

/**
 * Where stages are computed: in a page's worker, or in Node. It remembers nothing that a caller needs: every request says which
 * file and which chain it is of, so that an engine that was ended and started again answers as the one before.
 */
export class StageEngine<Source extends {identity?: string}> {
  readonly #deps: EngineDeps<Source>;
  readonly #files: OpenFiles<Source>;
  readonly #vectors = new VectorsAtHand(mostOpen);
  /** What runs give way to. */
  readonly #first = new Set<Promise<unknown>>();
  /** Maps of the same vectors with another seed or minimum distance share their neighbors. */
  readonly #neighbors: KeptSearch<string>;

  constructor(deps: EngineDeps<Source>) {
    this.#deps = deps;
    this.#files = new OpenFiles((source, options) => deps.openSource(source, options), mostOpen);
    this.#neighbors = keepNeighbors(mostOpen, deps.search);
  }

  /** Opens a file and says what is in it; one that was lost, and is given again, is opened again. Rejects with a WorkbookError. */
  async open(source: Source, model: string | null, options: TaskOptions = {}): Promise<FileFacts> {
    if (source.identity !== undefined) this.#files.dropLost(source.identity);
    const bundle = this.#deps.model(model);
    const facts = this.#files.use(source, options, async ({source: opened}) => {
      await bundle;
      return fileFacts(opened.anndata, opened, await this.#inspection(opened, model, {}, options.signal));
    });
    return (await Promise.all([facts, bundle]))[0];
  }

  /** The inspection under another choice of matrix or gene names. */
  async inspect(source: Source, model: string | null, choice: InspectChoice): Promise<Inspection> {
    return this.#files.use(source, {}, ({source: opened}) => this.#inspection(opened, model, choice));
  }

  /** See `StageHost.run`. */
  async run(
    order: EngineOrder<Source>,
    onEvent: (event: RunEvent) => void,
    signal?: AbortSignal
  ): Promise<StageName | null> {
    return this.#files.use(order.source, {signal}, (opened) => this.#run(opened, order, onEvent, signal));
  }

  async #run(
    opened: Opened,
    {chain, until, wanted, reuse}: EngineOrder<Source>,
    onEvent: (event: RunEvent) => void,
    signal?: AbortSignal
  ): Promise<StageName | null> {
    const {layoutEngine, software, adapt, precisionOf, storage} = this.#deps;
    const {anndata, identity, content} = opened.source;
    const bundle = await this.#model(opened.source, chain.model, chain.parameters, signal);
    const rows = await this.#rows(opened, chain, {signal});
    const {store, fault} = await storage();
    if (fault !== null && reuse !== "only") {
      onEvent({type: "notice", stage: "load", severity: "info", code: "not-kept", message: fault});
    }
    const nRows = rows?.length ?? anndata.nObs;
    const keeps = (stage: keyof typeof unasked) => wanted.includes(stage) || nRows <= unasked[stage];
    const fallback: FallbackListener = ({code, message}) =>
      onEvent({type: "notice", stage: "embed", severity: "warning", code, message});
    return runStored(
      {anndata, provenance: provenanceOf(opened.source)},
      {
        bundle,
        aliases: this.#deps.aliases,
        software,
        layoutEngine,
        search: this.#searchOf(identity, chain),
        openEncoder: (cancel) => this.#encoder(bundle, chain.backend, fallback, cancel ?? signal, onEvent)
      },
      {
        parameters: chain.parameters,
        rows,
        until,
        reuse,
        store,
        content,
        precision: precisionOf(bundle),
        keep: {probabilities: keeps("normalize"), sentences: keeps("sample")},
        adapt,
        between: () => this.#giveWay(),
        signal,
        onEvent: (event) => {
          this.#vectors.hear(stageAddress(identity, chain, "embed"), event);
          onEvent(event);
        }
      }
    );
  }

  /** What `question` answers about a chain; its file stays open until then. Rejects with a WorkbookError, and as `question` does. */
  async answer<Answer>(
    source: Source,
    chain: Chain,
    question: (context: QuestionContext) => Promise<Answer>
  ): Promise<Answer> {
    return this.#files.use(source, {}, async (opened) => question(await this.#context(opened, source, chain)));
  }

  async #context(opened: Opened, source: Source, chain: Chain): Promise<QuestionContext> {
    const model = await this.#model(opened.source, chain.model, chain.parameters);
    return {
      chain,
      anndata: opened.source.anndata,
      model,
      precision: this.#deps.precisionOf(model),
      layoutEngine: this.#deps.layoutEngine,
      communities: this.#deps.communities,
      software: this.#deps.software,
      source: provenanceOf(opened.source),
      aliases: this.#deps.aliases,
      search: this.#searchOf(opened.source.identity, chain),
      results: () => this.#results(source, opened, chain, model),
      fileResults: async () => {
        const {identity, content = null} = opened.source;
        return {
          store: (await this.#deps.storage()).store,
          identity: content === null ? identity : `${identity} ${content}`
        };
      },
      rows: () => this.#rows(opened, chain, {}),
      vectors: () => this.#vectorsOf(source, opened.source.identity, chain),
      quality: (options) => this.#quality(opened, chain, options),
      ahead: async (work) => {
        this.#first.add(work);
        return work.finally(() => this.#first.delete(work));
      },
      openEncoder: ({model: other = model, onFallback = () => {}, signal} = {}) =>
        this.#encoder(other, chain.backend, onFallback, signal),
      encoderWays: () => this.#deps.encoderChoices(model, chain.backend, () => {}),
      openHead: (of) => this.#deps.openHead(of),
      openLayers: (of, signal) => this.#deps.openLayers(of, chain.backend, signal)
    };
  }

  /** Closes every file. */
  close(): void {
    this.#files.close();
    this.#vectors.clear();
  }

  /** Lets requests in that came during a batch, and waits for those that go first. */
  async #giveWay(): Promise<void> {
    await new Promise<void>((resolve) => void setTimeout(resolve, 0));
    while (this.#first.size > 0) await Promise.allSettled([...this.#first]);
  }

  /** The inspection of a file, as it was kept or is made. */
  async #inspection(source: OpenSource, address: string | null, choice: InspectChoice, signal?: AbortSignal) {
    const model = await this.#model(source, address, choice, signal);
    const {aliases, storage} = this.#deps;
    const {genes, manifest} = model;
    return keptInspection({source, model, choice, aliases, storage}, (known) =>
      inspect(source.anndata, {genes, model, trainedOn: manifest.trainedOn, aliases: known}, choice)
    );
  }

  /** The model at an address, for the species of a file or the one that was chosen. */
  async #model({anndata}: OpenSource, address: string | null, choice: SpeciesChoice, signal?: AbortSignal) {
    return modelForFile(await this.#deps.model(address), anndata, choice, signal);
  }

  #rows(opened: Opened, chain: Chain, options: TaskOptions): Promise<Int32Array | null> {
    return chosenRows(opened.source.anndata, chain.choice, () => this.#quality(opened, chain, options));
  }

  async #quality(opened: Opened, chain: Chain, options: TaskOptions = {}): Promise<CellQuality> {
    const {source, quality} = opened;
    const {matrix, species, geneColumn, repair} = chain.parameters;
    const key = JSON.stringify([matrix, species, geneColumn, repair]);
    const running = quality.get(key);
    if (running !== undefined) {
      const joined = await running.catch((error: unknown) => {
        // Whoever began it gave up; this caller did not.
        if (isAbort(error) && options.signal?.aborted !== true) return null;
        throw error;
      });
      return joined ?? this.#quality(opened, chain, options);
    }
    const onProgress = (share: number) =>
      options.onProgress?.(Math.round(share * source.anndata.nObs), source.anndata.nObs);
    const measure = async () => {
      const model = await this.#model(source, chain.model, chain.parameters);
      const {names} = await chainNames({anndata: source.anndata, model, chain, aliases: this.#deps.aliases});
      return measureQuality(source.anndata, matrix ?? "X", names, {signal: options.signal, onProgress});
    };
    const found = measure();
    quality.set(key, found);
    found.catch(() => quality.delete(key));
    return found;
  }

  async #vectorsOf(source: Source, identity: string, chain: Chain): Promise<ChainVectors> {
    const address = stageAddress(identity, chain, "embed");
    if (this.#vectors.of(address) === undefined) {
      await this.run({source, chain, until: "embed", wanted: [], reuse: "only"}, () => {});
    }
    const found = this.#vectors.of(address);
    if (found === undefined) throw noVectors();
    return found;
  }

  /** Finds neighbors among a chain's vectors, or knows them. */
  #searchOf(identity: string, chain: Chain): NeighborSearch {
    return (...asked) => this.#neighbors(stageAddress(identity, chain, "embed"), ...asked);
  }

  async #results(source: Source, opened: Opened, chain: Chain, model: Bundle) {
    const {identity, content} = opened.source;
    const {matrix} = await this.#vectorsOf(source, identity, chain);
    const rows = await this.#rows(opened, chain, {});
    const precision = this.#deps.precisionOf(model);
    const {parameters} = chain;
    const keys = await stageKeys({identity, content, matrix, model: model.hash, precision, rows, parameters});
    return {store: (await this.#deps.storage()).store, vectorsKey: keys.embed};
  }

  async #encoder(
    model: Bundle,
    backend: BackendChoice,
    onFallback: FallbackListener,
    signal?: AbortSignal,
    onEvent?: (event: RunEvent) => void
  ): Promise<Encoder> {
    const choices = await this.#deps.encoderChoices(model, backend, onFallback);
    return openResilientEncoder(
      choices.map(({label, open}) => ({
        label,
        async open(stop) {
          const encoder = await open(stop);
          const {backend: kind, name, storage: precision} = encoder;
          onEvent?.({type: "device", device: {backend: kind, name, precision}});
          return encoder;
        }
      })),
      onFallback,
      signal
    );
  }
}

function provenanceOf({anndata, bytes, identity}: OpenSource): SourceProvenance {
  return {name: anndata.name, bytes, identity};
}
