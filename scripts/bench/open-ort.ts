// Opens the suite's model with onnxruntime, of Node or of the web: our graph or the seed's.
import {exportedGraph} from "./exported-graph.js";
import type {Job, OpenModel} from "./job.js";
import type {BenchModel} from "./model.js";
import {ourGraph} from "./our-graph.js";

/** The part of onnxruntime-common that is used here; -node and -web have it. */
export interface Ort {
  Tensor: new (type: "int32" | "float32", data: Int32Array | Float32Array, dims: number[]) => OrtTensor;
  InferenceSession: {
    create(
      graph: Uint8Array,
      options: object
    ): Promise<{run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>; release(): Promise<void>}>;
  };
}

interface OrtTensor {
  getData(release?: boolean): Promise<unknown>;
  dispose(): void;
}

/** `provider` is what onnxruntime takes ("cpu", "wasm", or WebGPU with its device). */
export async function openOrt(ort: Ort, model: BenchModel, job: Job, provider: unknown): Promise<OpenModel> {
  const {numbers, way, level, threads} = job;
  const {graph, externalData} =
    way === "seed"
      ? exportedGraph(model, numbers === "dynamic8" ? "dynamic8" : "float32")
      : ourGraph(model, {half: job.backend === "webgpu" && numbers !== "float32", blocks: numbers === "blocks8"});
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: [provider],
    externalData,
    graphOptimizationLevel: level ?? "all",
    ...(threads === null ? {} : {intraOpNumThreads: threads}),
    logSeverityLevel: 3
  });
  const feedsOf = way === "seed" ? wideFeeds(ort, model) : narrowFeeds(ort);
  return {
    async run(rows, batch, length) {
      const feeds = feedsOf(rows, batch, length);
      const {embedding} = await session.run(feeds);
      const vectors = (await embedding.getData(true)) as Float32Array;
      for (const feed of Object.values(feeds)) feed.dispose();
      return vectors;
    },
    close: () => session.release()
  };
}

type Feeds = (rows: Int32Array, batch: number, length: number) => Record<string, OrtTensor>;

const narrowFeeds =
  (ort: Ort): Feeds =>
  (rows, batch, length) => ({rows: new ort.Tensor("int32", rows, [batch, length])});

/** Rows of the wide table, gathered here, as the seed project gathers them in JavaScript. */
function wideFeeds(ort: Ort, {tensors, inputWidth}: BenchModel): Feeds {
  const table = tensors.get("wide.table")!;
  return (rows, batch, length) => {
    const src = new Float32Array(rows.length * inputWidth);
    for (let i = 0; i < rows.length; ++i)
      src.set(table.subarray(rows[i] * inputWidth, (rows[i] + 1) * inputWidth), i * inputWidth);
    return {
      src: new ort.Tensor("float32", src, [batch, length, inputWidth]),
      mask: new ort.Tensor("float32", new Float32Array(rows.length).fill(1), [batch, length])
    };
  };
}
