import {expose} from "comlink";
import {fetchRequest} from "../../adapters/http-request.js";
import {openOpfs} from "../../adapters/opfs.js";
import {parseGeneDictionary} from "../../core/cells/gene-dictionary.js";
import type {CheckpointSource} from "../../core/convert/checkpoint-source.js";
import {convertInto, forgetUnfinished} from "../../core/convert/convert-into.js";
import type {HttpRequest} from "../../core/remote/http-request.js";
import {planConversion} from "../../core/convert/plan-conversion.js";
import {checkpointFaults} from "../../core/convert/checkpoint-faults.js";
import {readRemoteFile} from "../../core/remote/remote-file.js";
import {remoteSource} from "../../core/convert/remote-source.js";
import {patience} from "../../core/remote/retry.js";
import {WorkbookError} from "../../core/errors.js";
import {addBundle} from "../../core/model/add-bundle.js";
import type {SpeciesGenes} from "../../core/types.js";
import {sourceBundle} from "./source-bundle.js";
import {installErrorTransfer} from "./error-transfer.js";
import {holdLock} from "./hold-lock.js";
import {measureKept} from "./measure-kept.js";
import type {ModelProgress, ReadyBundle} from "../../core/model/adding-model.js";
import type {ConvertWorker, MadeModel, ModelOrder} from "./model-protocol.js";
import {openOnnxruntime} from "./open-processor.js";
import {pickedSource} from "./picked-source.js";
import {siteModel} from "./site-model.js";

/** Rows of the token table that the human gene table of this site was made for: it is of no use for another. */
const humanVocabulary = 145_469;
/** One conversion of a store at a time, over all tabs. */
const lock = "uce-workbook-convert";

const worker: ConvertWorker = {
  hold: holdLock,

  async make(order, onProgress) {
    const told: Told = {received: 0, plan: null};
    const tell = (step: ModelProgress["step"], done = 0, total = 0) => onProgress({step, done, total, ...told});
    return alone(
      () => tell("wait"),
      () => make(order, told, tell)
    );
  },

  async measure(order, onProgress) {
    const tell = (progress: Partial<ModelProgress>) =>
      onProgress({step: "look", done: 0, total: 0, received: 0, plan: null, ...progress});
    return alone(
      () => tell({step: "wait"}),
      () => measureKept(order, tell)
    );
  },

  forget: () =>
    alone(
      () => {},
      async () => forgetUnfinished(await openOpfs())
    )
};

/** What is told with every step. */
type Told = Pick<ModelProgress, "received" | "plan" | "ready">;
type Tell = (step: ModelProgress["step"], done?: number, total?: number) => void;

async function make({from, genes: geneOrigin, species}: ModelOrder, told: Told, tell: Tell): Promise<MadeModel> {
  tell("look");
  const store = await openOpfs();
  const hosts = "address" in from ? from.hosts : undefined;
  const request = counted(fetchRequest({hosts}), (bytes) => (told.received += bytes));
  const source =
    "address" in from ? remoteSource(from.address, {request, patience}, from.revision) : pickedSource(from.files);
  if ((await source.read("config.json")) === null && (await source.read("manifest.json")) !== null) {
    const onProgress = ({done, total}: {done: number; total: number}) => tell("bundle", done, total);
    const onManifest = (ready: ReadyBundle) => {
      told.ready = ready;
      tell("bundle", 0, ready.bytes);
    };
    const {hash, manifest} = await addBundle(store, sourceBundle(source), {onManifest, onProgress});
    return {hash, name: manifest.name};
  }
  const genes = await genesOf(geneOrigin, species, request);
  const plan = (told.plan = await planConversion(source, genes));
  if (geneOrigin === null && plan.vocabulary !== humanVocabulary) throw needsDictionary(source, plan.vocabulary);
  tell("look");
  const {hash, manifest} = await convertInto(store, source, {
    species: genes,
    // The vectors of the self-test come from here, so not from functions of ours, which it judges.
    openEncoder: openOnnxruntime,
    onProgress: ({step, done, total}) => tell(step, done, total)
  });
  return {hash, name: manifest.name};
}

/** The genes of the site's own human table, or of a checkpoint's dictionary. */
async function genesOf(
  origin: ModelOrder["genes"],
  species: readonly string[],
  request: HttpRequest
): Promise<SpeciesGenes[]> {
  if (origin === null) return [{name: "human", genes: (await siteModel(null)).genes}];
  const text =
    "file" in origin
      ? await origin.file.text()
      : await readRemoteFile({request, patience, faults: checkpointFaults}, origin.address).then((found) => {
          if (found !== null) return new TextDecoder().decode(found.bytes);
          throw noDictionary(origin.address);
        });
  return parseGeneDictionary(text, species);
}

/** The same requests; `hear` is told of the bytes that come. */
function counted(request: HttpRequest, hear: (bytes: number) => void): HttpRequest {
  return async (address, headers, signal) => {
    const answer = await request(address, headers, signal);
    return {
      ...answer,
      async *body() {
        for await (const chunk of answer.body()) {
          hear(chunk.byteLength);
          yield chunk;
        }
      }
    };
  };
}

/** Does some work alone among all tabs of this site; says so where another is at it. */
async function alone<Answer>(onWait: () => void, work: () => Promise<Answer>): Promise<Answer> {
  if (!("locks" in navigator)) return work();
  const done = await navigator.locks.request(lock, {ifAvailable: true}, async (free) =>
    free === null ? null : {answer: await work()}
  );
  if (done !== null) return done.answer;
  onWait();
  return navigator.locks.request(lock, work);
}

function needsDictionary({name}: CheckpointSource, vocabulary: number): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "dictionary-needed",
    fault: `${name} has a vocabulary of ${vocabulary} tokens, and the human gene table of this workbook is for ${humanVocabulary}`,
    remedy: "give the gene dictionary that was published with this checkpoint (a JSON file)"
  });
}

function noDictionary(address: string): WorkbookError {
  return new WorkbookError({
    domain: "genes",
    code: "no-dictionary",
    fault: `there is no gene dictionary at ${address}`,
    remedy: "check the address, or download the dictionary and choose the file"
  });
}

installErrorTransfer();
expose(worker);
