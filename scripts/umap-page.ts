// The page that scripts/make-umap-page.ts bundles: neighbors of made-up cells by the GPU and by the processor, and the map's layout, in this browser. POSTs a JSON object
// a line to /result; the last has the kind "done". Addresses: /?cells=50000&width=512.
import {trustworthiness} from "../src/components/core/space/trustworthiness.js";
import {createUmapEngine} from "../src/components/core/space/umap-engine.js";
import {umapLayout} from "../src/components/core/space/umap-layout.js";
import {nearestNeighbors, type Neighbors} from "../src/components/core/vectors/neighbors.js";
import {gpuCandidates} from "../src/components/adapters/wgsl-neighbors.js";
import {findGpu} from "../src/components/runtime/browser/gpu-device.js";
import {madeUpCells} from "./made-up-cells.js";

const address = new URL(location.href);
const numberOf = (name: string, otherwise: number): number => Number(address.searchParams.get(name) ?? otherwise);
const [cells, width, k] = [numberOf("cells", 50_000), numberOf("width", 512), 14];

const tell = (result: Record<string, unknown>) => fetch("/result", {method: "POST", body: JSON.stringify(result)});

async function timed<Value>(run: () => Promise<Value>): Promise<[Value, number]> {
  const start = performance.now();
  const value = await run();
  return [value, Number(((performance.now() - start) / 1000).toFixed(2))];
}

/** The share of the neighbors of one search that are those of another, over the first cells. */
function recall(found: Neighbors, right: Neighbors): number {
  const same = found.indices.filter((other, at) => other === right.indices[at]).length;
  return same / right.indices.length;
}

async function measure(): Promise<void> {
  const vectors = madeUpCells(cells, width);
  await tell({kind: "begin", cells, width, browser: navigator.userAgent, cores: navigator.hardwareConcurrency});
  const [onProcessor, processor] = await timed(() => nearestNeighbors(vectors, width, k));
  await tell({kind: "neighbors on the processor", seconds: processor});
  const {gpu, reason} = await findGpu();
  if (gpu === null) await tell({kind: "no GPU", reason});
  else {
    const device = (await gpu.open({subgroups: false})) as unknown as GPUDevice;
    for (const turn of ["first", "second"]) {
      const [found, seconds] = await timed(() =>
        nearestNeighbors(vectors, width, k, {candidates: gpuCandidates(device)})
      );
      await tell({kind: "neighbors on the GPU", gpu: gpu.name, turn, seconds, recall: recall(found, onProcessor)});
    }
    device.destroy();
  }
  let positions: Float32Array = new Float32Array(0);
  const [, layout] = await timed(async () => {
    for await (const frame of umapLayout(vectors, width, createUmapEngine(), {known: onProcessor})) {
      positions = frame.positions;
    }
  });
  const [trust, score] = await timed(() => trustworthiness(vectors, width, positions, 15));
  const {value, error} = trust;
  await tell({kind: "layout", seconds: layout, trustworthiness: value, error, scoreSeconds: score});
}

await measure().catch((error: unknown) => tell({kind: "failed", message: String(error)}));
