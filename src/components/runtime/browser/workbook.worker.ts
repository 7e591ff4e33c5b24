import {expose, transfer} from "comlink";
import {UMAP} from "npm:umap-js";
import {httpBundle} from "../../adapters/http-bundle.js";
import {umapJsEngine} from "../../adapters/umap-js.js";
import {openAnnData} from "../../core/anndata/anndata.js";
import {inspectAnnData} from "../../core/anndata/inspect.js";
import {openResilientEncoder, type EncoderChoice} from "../../core/embed/resilient-encoder.js";
import type {Bundle} from "../../core/model/bundle.js";
import {openBundle} from "../../core/model/open-bundle.js";
import {obsColumns} from "../../core/pipeline/obs-columns.js";
import {bestPrecision} from "../../core/model/best-precision.js";
import {runStored} from "../../core/pipeline/run-stored.js";
import {engineBySize} from "../../core/space/engine-by-size.js";
import type {StageName} from "../../core/types.js";
import {resultStorage} from "./result-storage.js";
import {readProvenance} from "../../core/tables/provenance.js";
import {readEmbeddings} from "../../core/tables/embeddings.js";
import {fileIdentity} from "../../core/tables/identity.js";
import {tableToStreamBytes} from "../../core/tables/file.js";
import {encoderChoices, loseDevice} from "./encoder-choices.js";
import {installErrorTransfer} from "./error-transfer.js";
import {fileMaps} from "./file-maps.js";
import {modelAddress} from "./model-address.js";
import {siteAliases} from "./site-aliases.js";
import {openPickedFile, pickedBytes} from "./picked-file.js";
import type {OpenedFile, RunRequest, WorkbookWorker, WorkerEvent} from "./protocol.js";
import {services, type ServiceAnswer, type ServiceArguments, type ServiceName} from "./services/index.js";
import {software} from "./software.js";
import {busy, noFile} from "./usage-errors.js";
import type {Service, WorkerContext, WorkerFile, WorkerVectors} from "./worker-context.js";

/** Most cells whose probabilities (8 bytes a gene that a cell has) and sentences (4 bytes a token) are kept between runs. */
const mostProbabilities = 3000;
const mostSentences = 10_000;
const engine = engineBySize(umapJsEngine(UMAP));
let bundle: Promise<Bundle> | null = null;
let current: WorkerFile | null = null;
let openings = 0;
let running: AbortController | null = null;
let embedded: WorkerVectors | null = null;
const tasks = new Map<number, AbortController>();

/** The model, loaded once; a failure is forgotten, so that it can be tried again. */
function theModel(): Promise<Bundle> {
  bundle ??= openBundle(httpBundle(modelAddress)).catch((error: unknown) => {
    bundle = null;
    throw error;
  });
  return bundle;
}

function theFile(): WorkerFile {
  if (current !== null) return current;
  throw noFile();
}

const context: WorkerContext = {
  model: theModel,
  file: theFile,
  vectors: () => embedded,
  aliases: siteAliases,
  layoutEngine: engine,
  async openEncoder(backend, onFallback, signal) {
    return openResilientEncoder(await encoderChoices(await theModel(), backend, onFallback), onFallback, signal);
  }
};

const worker: WorkbookWorker = {
  hold: (lock) =>
    new Promise((held) => void navigator.locks.request(lock, () => (held(), new Promise<void>(() => {})))),

  async open(file, name, {matrix, geneColumn, repair, identity: known}) {
    const mine = ++openings;
    const before = current;
    current = null;
    embedded = null;
    closeQuietly(before?.anndata);
    const reader = await openPickedFile(file, name);
    try {
      const anndata = openAnnData(reader);
      const {genes} = await theModel();
      const symbols = new Set(genes.map(({symbol}) => symbol));
      const inspection = await inspectAnnData(anndata, {
        genes: symbols,
        matrix: matrix ?? undefined,
        geneColumn: geneColumn ?? undefined,
        repair,
        aliases: siteAliases
      });
      const identity = known ?? (await fileIdentity(pickedBytes(file, name)));
      const rows = Int32Array.from({length: anndata.nObs}, (_, row) => row);
      const opened: OpenedFile = {
        name,
        bytes: file.size,
        identity,
        inspection,
        cellIds: anndata.obsNames(),
        obs: obsColumns(anndata, rows).columns,
        maps: fileMaps(anndata)
      };
      // Another file was asked for meanwhile.
      if (mine !== openings) throw new DOMException("another file was opened", "AbortError");
      current = {anndata, identity};
      return opened;
    } catch (error) {
      closeQuietly(reader);
      throw error;
    }
  },

  async model() {
    const {manifest, hash, genes} = await theModel();
    const {name, untrained, architecture, source} = manifest;
    return {
      name,
      hash,
      untrained,
      genes: genes.length,
      layers: architecture.layers,
      width: architecture.width,
      note: source.note ?? null
    };
  },

  async run(request, onEvent) {
    const file = theFile();
    if (running !== null) throw busy();
    running = new AbortController();
    // Events go through a port of their own: the answer must not overtake them.
    let told: unknown;
    try {
      return await runOn(file, request, running.signal, (event) => (told = onEvent(event)));
    } finally {
      await Promise.resolve(told).catch(() => {});
      running = null;
    }
  },

  async ask<Name extends ServiceName>(
    task: number,
    name: Name,
    args: ServiceArguments<Name>,
    onProgress: (done: number, total: number) => void
  ) {
    const stop = new AbortController();
    tasks.set(task, stop);
    try {
      // The compiler cannot follow one name through the two maps of types.
      const service = services[name] as unknown as Service<ServiceArguments<Name>, ServiceAnswer<Name>>;
      return await service(context, args, {signal: stop.signal, onProgress});
    } finally {
      tasks.delete(task);
    }
  },

  stop(task) {
    tasks.get(task)?.abort();
  },

  cancel() {
    running?.abort();
  },

  loseDevice
};

async function runOn(
  {anndata, identity}: WorkerFile,
  {parameters, rows, backend, until, reuse, finished}: RunRequest,
  signal: AbortSignal,
  onEvent: (event: WorkerEvent) => void
): Promise<StageName | null> {
  const model = await theModel();
  const fallback = ({code, message}: {code: string; message: string}) =>
    onEvent({type: "notice", stage: "embed", severity: "warning", code, message});
  const {store, fault} = await resultStorage();
  if (fault !== null) onEvent({type: "notice", stage: "load", severity: "info", code: "not-kept", message: fault});
  const cells = rows?.length ?? anndata.nObs;
  return runStored(
    {anndata, provenance: {name: anndata.name, bytes: anndata.reader.byteLength, identity}},
    {
      bundle: model,
      software,
      layoutEngine: engine,
      aliases: siteAliases,
      openEncoder: async () => {
        const choices = await encoderChoices(model, backend, fallback);
        return openResilientEncoder(
          choices.map((choice) => told(choice, onEvent)),
          fallback,
          signal
        );
      }
    },
    {
      parameters,
      rows,
      until,
      reuse,
      store,
      precision: bestPrecision(model, {prefer: "download"}),
      keep: {probabilities: cells <= mostProbabilities, sentences: cells <= mostSentences},
      adapt: true,
      finished: finished === null ? undefined : vectorsByRow(finished),
      signal,
      onEvent: (event) => {
        if (event.type !== "table") return onEvent(event);
        if (event.name === "embeddings")
          embedded = {cells: readEmbeddings(event.table), matrix: readProvenance(event.table)?.matrix ?? "X"};
        const bytes = tableToStreamBytes(event.table);
        const {stage, name, stored} = event;
        onEvent(transfer({type: "table", stage, name, bytes, ...(stored && {stored})}, [bytes.buffer]));
      }
    }
  );
}

/** The same choice, with an event for the page whenever it is opened: also after a fallback. */
function told({label, open}: EncoderChoice, onEvent: (event: WorkerEvent) => void): EncoderChoice {
  return {
    label,
    async open(signal) {
      const encoder = await open(signal);
      onEvent({type: "device", device: {backend: encoder.backend, name: encoder.name, precision: encoder.storage}});
      return encoder;
    }
  };
}

/** A file that is gone may refuse even to be closed, which must not hide what happened before, or keep out the next. */
function closeQuietly(file: {close(): void} | undefined): void {
  try {
    file?.close();
  } catch {
    // Whatever it held goes with the worker.
  }
}

function vectorsByRow({rows, vectors}: {rows: Int32Array; vectors: Float32Array}): Map<number, Float32Array> {
  const width = vectors.length / rows.length;
  return new Map(Array.from(rows, (row, i) => [row, vectors.subarray(i * width, (i + 1) * width)]));
}

installErrorTransfer();
expose(worker);
// Asked for at once, so that the model's list of genes loads while HDF5's library does; a failure is told by the first call.
theModel().catch(() => {});
