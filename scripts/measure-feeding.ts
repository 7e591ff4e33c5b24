/**
 * How well cells are fed to a model that is quicker than reading them: all cells of a file, with an encoder that waits as long as a GPU would take.
 *
 *     node --import tsx scripts/measure-feeding.ts FILE.h5ad [--ms 0.6] [--repeats 3]
 *
 * Prints milliseconds a cell of the stages and from end to end (from the first quarter on, as tests/bench/full-size.ts), and a hash of all vectors' sentences.
 */
import {createHash} from "node:crypto";
import {parseArgs} from "node:util";
import {openAnnData} from "../src/components/core/anndata/anndata.js";
import type {Encoder} from "../src/components/core/embed/encoder.js";
import {defaultParameters} from "../src/components/core/parameters.js";
import type {PipelineEvent} from "../src/components/core/pipeline/events.js";
import {runStored} from "../src/components/core/pipeline/run-stored.js";
import {createUmapEngine} from "../src/components/core/space/umap-engine.js";
import {memoryStore} from "../src/components/core/store/object-store.js";
import {createResultStore} from "../src/components/core/store/result-store.js";
import {openH5File} from "../src/components/runtime/node-h5.js";
import {openNodeModel} from "../src/components/runtime/node-model.js";

const {values: options, positionals} = parseArgs({
  allowPositionals: true,
  options: {ms: {type: "string", default: "0.6"}, repeats: {type: "string", default: "3"}}
});
if (positionals[0] === undefined) throw new Error("name a file of counts: measure-feeding.ts FILE.h5ad");
const bundle = await openNodeModel(undefined);
for (let i = 0; i < Number(options.repeats); ++i) process.stdout.write(`${JSON.stringify(await measure())}\n`);

async function measure(): Promise<Record<string, unknown>> {
  const reader = await openH5File(positionals[0]);
  const anndata = openAnnData(reader);
  const hash = createHash("sha256");
  const stages: Record<string, number> = {};
  const done: [number, number][] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  await runStored(
    {anndata, provenance: {name: anndata.name, bytes: reader.byteLength, identity: "measured"}},
    {
      bundle,
      software: {name: "measure-feeding", version: "0"},
      layoutEngine: createUmapEngine(),
      openEncoder: async () => waitingEncoder(Number(options.ms), (tokens) => hash.update(tokens))
    },
    {
      parameters: defaultParameters,
      until: "embed",
      store: createResultStore(memoryStore()),
      precision: "int8",
      adapt: true,
      keep: {sentences: true},
      between: () => new Promise((resolve) => void setTimeout(resolve, 0)),
      onEvent(event: PipelineEvent) {
        if (event.type !== "progress") return;
        stages[event.stage] = event.ms;
        if (event.stage === "embed") done.push([performance.now(), event.done]);
      }
    }
  );
  const total = performance.now() - start;
  const {user, system} = process.cpuUsage(cpu);
  reader.close();
  const cells = anndata.nObs;
  const [begin, first] = done.find(([, count]) => 4 * count >= cells)!;
  const each = (ms: number) => Number((ms / cells).toFixed(3));
  return {
    cells,
    ...Object.fromEntries(Object.entries(stages).map(([stage, ms]) => [stage, each(ms)])),
    processor: each((user + system) / 1000),
    whole: each(total),
    endToEnd: Number(((done.at(-1)![0] - begin) / (cells - first)).toFixed(3)),
    sentences: hash.digest("hex").slice(0, 16)
  };
}

/**
 * Unit vectors when a device would have them: it computes parts of 16 sentences that were handed to it, up to 80 ms of work ahead, as our own kernels do
 * (adapters/wgsl-encoder.ts), and waits where this thread is too busy to hand it the next.
 */
function waitingEncoder(msPerCell: number, see: (tokens: Int32Array) => void): Encoder {
  const [width, part] = [512, 16];
  const ahead = Math.max(2, Math.min(8, Math.ceil(80 / (msPerCell * part))));
  let free = 0;
  return {
    name: "waiting",
    backend: "webgpu",
    compute: "fp32",
    storage: "fp32",
    width,
    limits: {maxBatch: 512, preferredBatch: 16},
    async embed(tokens, batch) {
      see(tokens);
      const vectors = new Float32Array(batch * width);
      for (let i = 0; i < batch; ++i) vectors[i * width + (tokens[i] % width)] = 1;
      const running: Promise<void>[] = [];
      for (let from = 0; from < batch; from += part) {
        if (running.length === ahead) await running.shift();
        free = Math.max(free, performance.now()) + msPerCell * Math.min(part, batch - from);
        running.push(new Promise((resolve) => setTimeout(resolve, free - performance.now())));
      }
      await Promise.all(running);
      return vectors;
    },
    close: async () => {}
  };
}
