// Opens the suite's model with our own functions on the processor, in Node or in a page.
import {ProcessorRunner} from "../../src/components/adapters/wasm-encoder.js";
import type {StartThread} from "../../src/components/core/threads/messages.js";
import type {Job, OpenModel} from "./job.js";
import type {BenchModel} from "./model.js";
import {weightParts} from "./weight-parts.js";

export async function openOwn(
  model: BenchModel,
  {threads, numbers}: Job,
  startThread: StartThread
): Promise<OpenModel> {
  const {architecture, tableRows} = model;
  const blocks = numbers === "blocks8";
  const options = {blocks, threads: threads ?? 1, startThread};
  const runner = await ProcessorRunner.open({model: architecture, tableRows}, weightParts(model, {blocks}), options);
  return {run: (rows, batch, length) => runner.embed(rows, batch, length), close: () => runner.close()};
}
