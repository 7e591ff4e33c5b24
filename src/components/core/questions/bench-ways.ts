import type {BenchRun} from "../bench/bench-run.js";
import type {QuestionContext} from "./context.js";

/** What can be measured on this machine. */
export interface BenchWays {
  /** Ways to run the model, best first, in words ("WebGPU (Apple M4)", "the processor (wasm)"). */
  ways: string[];
  model: BenchRun["model"];
}

/** Ways in which this machine can run the chain's model, each of which `benchWay` times by its place in the list. */
export async function benchWays(context: QuestionContext, _: Record<string, never>): Promise<BenchWays> {
  const {name, architecture, untrained} = context.model.manifest;
  const {layers, width, heads} = architecture;
  const choices = await context.encoderWays();
  return {ways: choices.map(({label}) => label), model: {name, layers, width, heads, trained: !untrained}};
}
