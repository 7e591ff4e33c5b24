// The page of family.ts: keeps the bundle in the browser's store, stopped once and gone on, opens it from there with our kernels, and times them.
import {httpBundle} from "../../src/components/adapters/http-bundle.js";
import {openOpfs} from "../../src/components/adapters/opfs.js";
import {openWgslEncoder} from "../../src/components/runtime/browser/open-wgsl-encoder.js";
import {runSelfTest} from "../../src/components/core/embed/self-test.js";
import type {Arithmetic} from "../../src/components/core/kernels/kernel.js";
import {addBundle} from "../../src/components/core/model/add-bundle.js";
import type {Bundle, BundleSource} from "../../src/components/core/model/bundle.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {storedBundle} from "../../src/components/core/model/stored-models.js";
import {createRandom} from "../../src/components/core/random.js";
import type {FamilyPace, FamilyRow} from "../../src/components/core/bench/family-run.js";
import {findGpu, type GpuFound} from "../../src/components/runtime/browser/gpu-device.js";
import type {FamilyPlan, FamilyTold} from "./family-told.js";

const tell = async (told: FamilyTold): Promise<void> => {
  await fetch("/result", {method: "POST", body: JSON.stringify(told)});
};
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Keeps the bundle; the first try is stopped when half of it lies there. */
async function add(folder: string): Promise<Bundle> {
  const store = await openOpfs();
  const fetched: string[] = [];
  const over = httpBundle(new URL(folder, location.href));
  const source: BundleSource = {name: over.name, read: (path, signal) => (fetched.push(path), over.read(path, signal))};
  const stop = new AbortController();
  const begin = performance.now();
  await addBundle(store, source, {
    signal: stop.signal,
    onProgress: ({done, total}) => 2 * done > total && stop.abort()
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  const before = fetched.splice(0);
  const {hash, manifest} = await addBundle(store, source);
  const ms = performance.now() - begin;
  const {files} = manifest.variants[0];
  const weights = fetched.filter((path) => path.endsWith(".safetensors"));
  await tell({
    kind: "added",
    bytes: files.reduce((sum, {bytes}) => sum + bytes, 0),
    files: files.length,
    ms,
    fetchedAgain: weights.filter((path) => before.includes(path)).length,
    largestFile: Math.max(...files.map(({bytes}) => bytes))
  });
  return openBundle(storedBundle(store, hash));
}

/** Counts what buffers a device is asked for. */
function counted(device: GPUDevice): {largest: number; most: number} {
  const count = {largest: 0, most: 0};
  let live = 0;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const {size} = descriptor;
    live += size;
    count.largest = Math.max(count.largest, size);
    count.most = Math.max(count.most, live);
    const destroy = buffer.destroy.bind(buffer);
    let there = true;
    buffer.destroy = () => {
      if (there) live -= size;
      there = false;
      return destroy();
    };
    return buffer;
  };
  return count;
}

async function measure(
  bundle: Bundle,
  gpu: GpuFound,
  arithmetic: Arithmetic,
  {batches, length, cells}: FamilyPlan
): Promise<FamilyRow> {
  const device = (await gpu.open({subgroups: arithmetic === "matrix"})) as unknown as GPUDevice;
  const buffers = counted(device);
  const begin = performance.now();
  const encoder = await openWgslEncoder(bundle, {name: gpu.name, precision: "int4", arithmetic, device});
  const openMs = performance.now() - begin;
  await tell({kind: "opened", arithmetic});
  const {next} = createRandom(3);
  const tokensOf = (count: number): Int32Array => {
    const tokens = Int32Array.from(
      {length: count * length},
      () => bundle.genes[Math.floor(next() * bundle.genes.length)].token
    );
    for (let i = 0; i < count; ++i) tokens[i * length] = bundle.manifest.sentence.cls;
    return tokens;
  };
  const call = async (count: number): Promise<number> => {
    const tokens = tokensOf(count);
    const start = performance.now();
    await encoder.embed(tokens, count, length);
    return (performance.now() - start) / count;
  };
  const firstMs = await call(1);
  const test = await runSelfTest(bundle, encoder);
  if (test === null) throw new Error("the bundle has no self-test");
  const paces: FamilyPace[] = [];
  for (const batch of batches) {
    for (const warm = performance.now(); performance.now() - warm < 700;) await call(batch);
    const calls: number[] = [];
    for (const start = performance.now(); calls.length < 3 || (calls.length < 20 && performance.now() - start < 2000);)
      calls.push(await call(batch));
    paces.push({batch, ms: median(calls), least: Math.min(...calls), most: Math.max(...calls), calls: calls.length});
  }
  const {batch} = paces.reduce((best, pace) => (pace.ms < best.ms ? pace : best));
  const start = performance.now();
  for (let done = 0; done < cells; done += batch) await call(Math.min(batch, cells - done));
  const msPerCell = (performance.now() - start) / cells;
  await encoder.close();
  const {passed, relativeError, control, limit} = test;
  return {
    ...{arithmetic, openMs, firstMs, relativeError, control, passed, limit, paces},
    cells: {count: cells, batch, msPerCell},
    largestBuffer: buffers.largest,
    deviceBytes: buffers.most
  };
}

async function main(): Promise<void> {
  const plan = (await (await fetch("/plan.json")).json()) as FamilyPlan;
  const bundle = await add(plan.folder);
  const {gpu, reason} = await findGpu();
  if (gpu === null) return await tell({kind: "failed", what: reason});
  const {maxBufferSize, maxStorageBufferBindingSize: maxBinding} = (await navigator.gpu.requestAdapter())!.limits;
  const {name, arithmetics} = gpu;
  await tell({kind: "gpu", name, arithmetics, browser: navigator.userAgent, maxBufferSize, maxBinding});
  for (const arithmetic of arithmetics.toReversed().filter((one) => plan.arithmetics.includes(one))) {
    const row = await measure(bundle, gpu, arithmetic, plan).catch(
      async (error: unknown) => void (await tell({kind: "failed", what: `${arithmetic}: ${String(error)}`}))
    );
    if (row !== undefined) await tell({kind: "row", row});
  }
}

await main().catch((error: unknown) => tell({kind: "failed", what: String(error)}));
await tell({kind: "done"});
