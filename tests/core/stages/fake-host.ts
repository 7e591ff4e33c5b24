import {tableFromArrays, type Table} from "apache-arrow";
import {tableOfStage} from "../../../src/components/core/pipeline/events.js";
import {stageAddress} from "../../../src/components/core/stages/chain.js";
import type {RunEvent, RunOrder, StageHost} from "../../../src/components/core/stages/stage-host.js";
import {stageNames, type StageName} from "../../../src/components/core/types.js";

/** A host that computes tables of one number, and remembers what it was asked for. */
export class FakeHost implements StageHost {
  attended = true;
  slow = new Set<StageName>();
  runs: RunOrder[] = [];
  made: StageName[] = [];
  store = new Map<string, Table>();
  marks: (string | null)[] = [];
  fault: unknown = null;
  /** Holds runs up until it is called. */
  gate: Promise<void> | null = null;

  async run(order: RunOrder, onEvent: (event: RunEvent) => void, signal: AbortSignal): Promise<StageName | null> {
    this.runs.push(order);
    const {file, chain, name} = order.until;
    let whole: StageName | null = null;
    for (const stage of stageNames.slice(0, stageNames.indexOf(name) + 1)) {
      const address = stageAddress(file.identity, chain, stage);
      const kept = this.store.get(address);
      if (order.reuse !== "none" && kept !== undefined) {
        onEvent({type: "table", stage, name: tableOfStage[stage], table: kept, stored: true});
        onEvent({type: "progress", stage, state: "done", done: 1, total: 1, ms: 0, stored: true});
        whole = stage;
        continue;
      }
      if (order.reuse === "only") return whole;
      onEvent({type: "progress", stage, state: "running", done: 1, total: 2, ms: 1});
      await Promise.race([
        this.gate,
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)))
      ]);
      if (this.fault !== null && stage === "embed") throw this.fault;
      this.made.push(stage);
      if (stage === "umap") {
        onEvent({type: "layout", rows: Int32Array.of(4), epoch: 1, epochs: 2, positions: Float32Array.of(0.5, 2)});
      }
      const table = tableFromArrays({row: Int32Array.of(this.made.length)});
      this.store.set(address, table);
      onEvent({type: "table", stage, name: tableOfStage[stage], table});
      onEvent({type: "progress", stage, state: "done", done: 2, total: 2, ms: 2});
    }
    return name;
  }

  permission({name}: {name: StageName}): Promise<{allowed: boolean; ms: number | null}> {
    return Promise.resolve({allowed: !this.slow.has(name), ms: 90_000});
  }

  mark(address: string | null): void {
    this.marks.push(address);
  }
}
