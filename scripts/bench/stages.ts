// Times of the stages on the demo's cells in Node, through the notebook, and the whole against the model's calls.
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {EndToEnd, StageTime} from "../../src/components/core/bench/bench-run.js";
import {spreadOf} from "../../src/components/core/bench/spread-of.js";
import {embed, load, normalize, openFile, sample, umap, type ChainStatus} from "../../src/components/notebook/node.js";
import {writeDemoFile} from "../../src/components/runtime/demo-file.js";

const words: Record<string, string> = {
  load: "read a row of the file",
  normalize: "counts to probabilities",
  sample: "1,024 draws and the sentence",
  embed: "the embedded model (4 layers, 128 wide), float32 in batches of 4",
  umap: "neighbors and map"
};

export async function measureStages(
  cells: number,
  repeats: number
): Promise<{stages: StageTime[]; endToEnd: EndToEnd}> {
  const folder = mkdtempSync(join(tmpdir(), "bench-stages-"));
  try {
    const path = await writeDemoFile(folder);
    const runs: {status: ChainStatus; total: number}[] = [];
    for (let i = 0; i < repeats; ++i) {
      const file = await openFile(path, {store: join(folder, `store-${i}`)});
      const rows = Array.from({length: cells}, (_, row) => row);
      const embeddings = embed(sample(normalize(load(file, {cells: {mode: "rows", rows}}))));
      const start = performance.now();
      await embeddings.table();
      const total = performance.now() - start;
      const map = umap(embeddings);
      await map.table();
      for await (const status of map.watch()) {
        runs.push({status, total});
        break;
      }
    }
    const stages = Object.keys(words).map((stage) => {
      const each = runs.map(({status}) => status.stages.find((one) => one.stage === stage)!.ms / cells);
      return {stage, what: words[stage], backend: "node-cpu" as const, ms: spreadOf(each), cells};
    });
    const [best] = runs.toSorted((a, b) => a.total - b.total);
    const encoder = best.status.calls.reduce((sum, {ms}) => sum + ms, 0);
    const what = `Node CPU, the embedded model, the fastest of ${repeats}; opening the model is in the whole`;
    return {stages, endToEnd: {what, cells, total: Math.round(best.total), encoder: Math.round(encoder)}};
  } finally {
    rmSync(folder, {recursive: true});
  }
}
