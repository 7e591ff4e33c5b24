import {expose, transfer} from "comlink";
import {openAnnData} from "../../core/anndata/anndata.js";
import type {H5Reader} from "../../core/anndata/h5-reader.js";
import {joinSources, openEach} from "../../core/engine/join-sources.js";
import type {OpenSource} from "../../core/engine/open-source.js";
import {StageEngine} from "../../core/engine/stage-engine.js";
import {bestPrecision} from "../../core/model/best-precision.js";
import {questions, type QuestionAnswer, type QuestionArguments, type QuestionName} from "../../core/questions/index.js";
import type {Question, TaskOptions} from "../../core/questions/context.js";
import {createUmapEngine} from "../../core/space/umap-engine.js";
import type {RunEvent} from "../../core/stages/stage-host.js";
import type {ByteFile} from "../../core/sources/byte-file.js";
import {tableToStreamBytes} from "../../core/tables/file.js";
import {fileIdentity} from "../../core/tables/identity.js";
import {louvain} from "../louvain.js";
import {encoderChoices} from "./encoder-choices.js";
import {installErrorTransfer} from "./error-transfer.js";
import {loadH5wasm} from "./load-h5wasm.js";
import {openHead} from "./expression-head.js";
import {openLayers} from "./layer-probe.js";
import {openByteFile} from "./open-byte-file.js";
import {openRemote} from "./open-remote.js";
import {siteAliases} from "./site-aliases.js";
import {siteModel} from "./site-model.js";
import {isLost, openPickedCounts, pickedBytes, pickedFiles} from "./picked-file.js";
import type {BrowserSource, PickedSource, WorkbookWorker, WorkerEvent} from "./protocol.js";
import {startThreadsBy} from "./processor-thread.js";
import {keepInMemory, resultStorage} from "./result-storage.js";
import {searchNeighbors} from "./search-neighbors.js";
import {software} from "./software.js";

const engine = new StageEngine<BrowserSource>({
  software,
  layoutEngine: createUmapEngine(),
  communities: louvain,
  search: searchNeighbors,
  adapt: true,
  openSource,
  aliases: siteAliases,
  model: siteModel,
  precisionOf: (model) => bestPrecision(model, {prefer: "download"}),
  encoderChoices,
  openHead,
  openLayers,
  storage: resultStorage
});
const tasks = new Map<number, AbortController>();

const worker: WorkbookWorker = {
  async hold(lock, memory, threads) {
    keepInMemory(memory);
    startThreadsBy(threads);
    if (!("locks" in navigator)) return;
    await new Promise<void>((held) => {
      void navigator.locks.request(lock, () => (held(), new Promise<void>(() => {})));
    });
  },

  open: (source, model, onProgress) => engine.open(source, model, {onProgress}),
  inspect: (source, model, choice) => engine.inspect(source, model, choice),

  async model(address) {
    const {manifest: all, hash, genes} = await siteModel(address);
    const {trainedOn: _, ...manifest} = all;
    const {name, untrained, architecture, source} = manifest;
    const {layers, width} = architecture;
    return {name, hash, untrained, genes: genes.length, layers, width, note: source.note ?? null, manifest};
  },

  run(task, order, onEvent) {
    return within(task, async (signal) => {
      // Events go through a port of their own: the answer must not overtake them.
      let told: unknown;
      try {
        return await engine.run(order, (event) => (told = onEvent(...packed(event))), signal);
      } finally {
        await Promise.resolve(told).catch(() => {});
      }
    });
  },

  ask<Name extends QuestionName>(
    task: number,
    source: BrowserSource,
    chain: Parameters<WorkbookWorker["ask"]>[2],
    name: Name,
    args: QuestionArguments<Name>,
    onProgress: (done: number, total: number) => void
  ) {
    // The compiler cannot follow one name through the two maps of types.
    const question = questions[name] as unknown as Question<QuestionArguments<Name>, QuestionAnswer<Name>>;
    return within(task, (signal) =>
      engine.answer(source, chain, (context) => question(context, args, {signal, onProgress}))
    );
  },

  stop: (task) => tasks.get(task)?.abort()
};

async function within<Answer>(task: number, work: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
  const stop = new AbortController();
  tasks.set(task, stop);
  try {
    return await work(stop.signal);
  } finally {
    tasks.delete(task);
  }
}

/** An event as it crosses to the page: a table as its bytes, which are moved and not copied. */
function packed(event: RunEvent): [WorkerEvent] {
  if (event.type !== "table") return [event];
  const bytes = tableToStreamBytes(event.table);
  const {stage, name, stored} = event;
  return [transfer({type: "table", stage, name, bytes, ...(stored && {stored})}, [bytes.buffer])];
}

async function openSource(source: BrowserSource, {onProgress}: TaskOptions = {}): Promise<OpenSource> {
  return "address" in source ? openRemote(source.address, onProgress) : openPicked(source, onProgress);
}

async function openPicked(
  {blob, name, identity: known}: PickedSource,
  onProgress: TaskOptions["onProgress"]
): Promise<OpenSource> {
  const identify = async () => known ?? fileIdentity(pickedBytes(blob, name));
  const files = pickedFiles(blob, name);
  if (files !== null) {
    const from = {bytes: blob.size, isLost: () => isLost(blob, name)};
    const open = async (file: ByteFile) =>
      ofReader(await openByteFile(file), {...from, identify: async () => file.name});
    const identity = await identify();
    return joinSources(await openEach(files, open), {identity, bytes: blob.size});
  }
  const reader = await openPickedCounts(blob, name, {identity: identify, onProgress});
  return ofReader(reader, {bytes: blob.size, isLost: () => isLost(blob, name), identify});
}

async function ofReader(
  reader: H5Reader,
  {identify, ...from}: {bytes: number; isLost(): boolean; identify(): Promise<string>}
): Promise<OpenSource> {
  try {
    const anndata = openAnnData(reader);
    return {anndata, ...from, identity: await identify(), close: () => closeQuietly(anndata)};
  } catch (error) {
    closeQuietly(reader);
    throw error;
  }
}

/** A file that is gone may refuse even to be closed, which must not hide what happened before, or keep out the next. */
function closeQuietly(file: {close(): void}): void {
  try {
    file.close();
  } catch {
    // Whatever it held goes with the worker.
  }
}

installErrorTransfer();
expose(worker);
// Asked for at once, so that they load side by side; a failure is told by the first call.
siteModel(null).catch(() => {});
loadH5wasm().catch(() => {});
