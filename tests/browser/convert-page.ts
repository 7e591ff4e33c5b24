import {openOpfs} from "../../src/components/adapters/opfs.js";
import {embedTokens} from "../../src/components/core/embed/embed-tokens.js";
import {runSelfTest} from "../../src/components/core/embed/self-test.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {listStoredModels, storedBundle} from "../../src/components/core/model/stored-models.js";
import {widenStorage} from "../../src/components/core/model/widen-storage.js";
import type {ConvertOrder} from "./convert-worker.js";
import {openWasm} from "./open-wasm.js";

/** What a worker that converts has come to. */
export interface Outcome {
  hash?: string;
  code?: string;
  message?: string;
}

declare global {
  interface Window {
    /** Starts a conversion in a worker; the promise stays open where the worker is ended. */
    startConversion(order: ConvertOrder): void;
    outcome: Promise<Outcome>;
    endWorker(): void;
    stored(): Promise<{names: string[]; models: string[]}>;
    tableOf(hash: string): Promise<number[]>;
    embed(hash: string, sentences: number[][]): Promise<{passed: boolean | undefined; vectors: number[]}>;
  }
}

let worker: Worker;
window.startConversion = (order) => {
  worker = new Worker("/worker.js", {type: "module"});
  window.outcome = new Promise((resolve) => {
    worker.onmessage = ({data}: MessageEvent<Outcome>) => resolve(data);
    worker.onerror = ({message}) => resolve({code: "defect", message});
  });
  worker.postMessage(order);
};
window.endWorker = () => worker.terminate();
window.stored = async () => {
  const store = await openOpfs();
  return {
    names: (await store.list("")).map(({name}) => name),
    models: (await listStoredModels(store)).map(({hash}) => hash)
  };
};
window.tableOf = async (hash) => {
  const bundle = await openBundle(storedBundle(await openOpfs(), hash));
  const [{values}] = widenStorage("table", await bundle.file("table.fp32.safetensors"));
  return Array.from(values);
};
window.embed = async (hash, sentences) => {
  const bundle = await openBundle(storedBundle(await openOpfs(), hash));
  const encoder = await openWasm(bundle, "fp32");
  const test = await runSelfTest(bundle, encoder);
  const vectors = await embedTokens(
    encoder,
    sentences.map((tokens) => Int32Array.from(tokens))
  );
  await encoder.close();
  return {passed: test?.passed, vectors: Array.from(vectors)};
};
