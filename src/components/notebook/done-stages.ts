import type {Stage} from "../core/stages/stage.js";
import type {CallFacts, StageName} from "../core/types.js";

/** A stage whose result is there, and the calls of the model so far in its chain's run. */
export interface DoneStage {
  stage: Stage;
  calls: readonly CallFacts[];
}

/** Stages of the chain down to `tip` as they are done, each once, and again after it was run anew. Asks for nothing to be computed; ends with the signal. */
export async function* doneStages(tip: Stage, signal: AbortSignal): AsyncGenerator<DoneStage, void> {
  const chain: Stage[] = [];
  for (let stage: Stage | null = tip; stage !== null; stage = stage.parent) chain.unshift(stage);
  const told = new Set<StageName>();
  for await (const {stages, calls} of tip.watch({signal})) {
    for (const stage of chain) {
      if (signal.aborted) return;
      const isDone = stages.find((each) => each.stage === stage.name)?.state === "done";
      if (!isDone) told.delete(stage.name);
      else if (!told.has(stage.name)) {
        told.add(stage.name);
        yield {stage, calls};
      }
    }
  }
}
