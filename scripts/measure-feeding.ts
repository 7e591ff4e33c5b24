/**
 * How well cells are fed to a model that is quicker than reading them: all cells of a file, with a made-up device that waits as long as a GPU would take.
 *
 *     node --import tsx scripts/measure-feeding.ts FILE.h5ad [--ms 0.6] [--opens 500] [--repeats 3] [--store FOLDER]
 *
 * The device opens in `--opens` milliseconds (a card took 900, weights and self-test included), in which cells are read ahead. Prints milliseconds a cell of the stages; how long the device stood idle, and its share of the time from its first cell to the moment at which the last cell is told
 * of (`share`), and from the first quarter on (`later`, as tests/bench/full-size.ts); when the table of vectors came and when all was kept; a hash of all
 * vectors, which depend on every token. The folder is emptied of what was kept in it.
 */
import {createHash} from "node:crypto";
import {rmSync} from "node:fs";
import {parseArgs} from "node:util";
import {folderStore} from "../src/components/adapters/folder-store.js";
import {openAnnData} from "../src/components/core/anndata/anndata.js";
import {defaultParameters} from "../src/components/core/parameters.js";
import type {PipelineEvent} from "../src/components/core/pipeline/events.js";
import {runStored} from "../src/components/core/pipeline/run-stored.js";
import {createUmapEngine} from "../src/components/core/space/umap-engine.js";
import {memoryStore} from "../src/components/core/store/object-store.js";
import {createResultStore} from "../src/components/core/store/result-store.js";
import {readEmbeddings} from "../src/components/core/tables/embeddings.js";
import {openH5File} from "../src/components/runtime/node-h5.js";
import {openNodeModel} from "../src/components/runtime/node-model.js";
import {type DeviceUse, waitingEncoder} from "./bench/waiting-encoder.js";

const {values: options, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    ms: {type: "string", default: "0.6"},
    opens: {type: "string", default: "500"},
    repeats: {type: "string", default: "3"},
    store: {type: "string"}
  }
});
if (positionals[0] === undefined) throw new Error("name a file of counts: measure-feeding.ts FILE.h5ad");
const msPerCell = Number(options.ms);
const bundle = await openNodeModel(undefined);
for (let i = 0; i < Number(options.repeats); ++i) process.stdout.write(`${JSON.stringify(await measure())}\n`);

async function measure(): Promise<Record<string, unknown>> {
  const reader = await openH5File(positionals[0]);
  const anndata = openAnnData(reader);
  if (options.store !== undefined) rmSync(`${options.store}/results`, {recursive: true, force: true});
  const objects = options.store === undefined ? memoryStore() : folderStore(options.store);
  const hash = createHash("sha256");
  const stages: Record<string, number> = {};
  const done: [number, number][] = [];
  let use: DeviceUse | undefined;
  let table = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  await runStored(
    {anndata, provenance: {name: anndata.name, bytes: reader.byteLength, identity: "measured"}},
    {
      bundle,
      software: {name: "measure-feeding", version: "0"},
      layoutEngine: createUmapEngine(),
      async openEncoder() {
        await new Promise((resolve) => setTimeout(resolve, Number(options.opens)));
        return waitingEncoder({msPerCell, onClose: (told) => (use = told)});
      }
    },
    {
      parameters: defaultParameters,
      until: "embed",
      store: createResultStore(objects),
      precision: "int8",
      adapt: true,
      keep: {sentences: true},
      between: () => new Promise((resolve) => void setTimeout(resolve, 0)),
      onEvent(event: PipelineEvent) {
        if (event.type === "table" && event.name === "embeddings") {
          table = performance.now();
          hash.update(readEmbeddings(event.table).vectors);
        }
        if (event.type !== "progress") return;
        stages[event.stage] = event.ms;
        if (event.stage === "embed") done.push([performance.now(), event.done]);
      }
    }
  );
  const kept = performance.now();
  const {user, system} = process.cpuUsage(cpu);
  reader.close();
  const cells = anndata.nObs;
  const [begin, first] = done.find(([, count]) => 4 * count >= cells)!;
  const told = done.at(-1)![0];
  const each = (ms: number) => Number((ms / cells).toFixed(3));
  const percent = (share: number) => Number((100 * share).toFixed(1));
  const since = (at: number) => Math.round(at - use!.last);
  return {
    cells,
    ...Object.fromEntries(Object.entries(stages).map(([stage, ms]) => [stage, each(ms)])),
    processor: each((user + system) / 1000),
    whole: each(kept - start),
    endToEnd: Number(((told - begin) / (cells - first)).toFixed(3)),
    share: percent((cells * msPerCell) / (told - use!.first)),
    later: percent(((cells - first) * msPerCell) / (told - begin)),
    device: {
      calls: use!.calls,
      first: Math.round(use!.first - start),
      idle: Math.round(use!.idle),
      longest: use!.longest
    },
    afterLast: {told: since(told), table: since(table), kept: since(kept)},
    hash: hash.digest("hex").slice(0, 16)
  };
}
