import type {RunEvent, RunOrder, StageHost} from "../stages/stage-host.js";
import {stageAddress} from "../stages/chain.js";
import {tableOfStage} from "../pipeline/events.js";
import {stageNames, type StageName} from "../types.js";
import {keptArguments} from "./kept-arguments.js";
import {dataNeeded} from "./session-errors.js";
import type {KeptAnswer, Session} from "./session.js";

/** Stages of a session instead of a machine that computes them: it has the tables that were saved, and says of the others what they need. */
export class SessionHost implements StageHost {
  readonly attended: boolean;
  readonly #session: Session;

  constructor(session: Session, {attended}: {attended: boolean}) {
    this.#session = session;
    this.attended = attended;
  }

  /** Hands out the tables that were saved. Rejects with the WorkbookError "data-needed" where another is wanted. */
  async run({until, wanted, reuse}: RunOrder, onEvent: (event: RunEvent) => void): Promise<StageName | null> {
    const {file, chain} = until;
    let last: StageName | null = null;
    const missing = new Set(wanted);
    for (const name of stageNames.slice(0, stageNames.indexOf(until.name) + 1)) {
      const address = stageAddress(file.identity, chain, name);
      const table = this.#session.stages.find((stage) => stage.address === address)?.table ?? null;
      if (table === null) continue;
      last = name;
      missing.delete(name);
      const total = table.numRows;
      onEvent({type: "table", stage: name, name: tableOfStage[name], table, stored: true});
      onEvent({type: "progress", stage: name, state: "done", done: total, total, ms: 0, stored: true});
    }
    const [first] = missing;
    if (reuse !== "only" && (first !== undefined || reuse === "none"))
      throw dataNeeded(file.name, words[first ?? until.name]);
    return last;
  }

  permission(): Promise<{allowed: boolean; ms: number | null}> {
    return Promise.resolve({allowed: true, ms: 0});
  }
}

const words: Record<StageName, string> = {
  load: "another choice of cells",
  normalize: "normalizing",
  sample: "sampling",
  embed: "embedding",
  umap: "another map"
};

/** The answer of a session to a question about the stage at `address`; undefined if it has none. Arguments are compared by their text. */
export function sessionAnswer(answers: readonly KeptAnswer[], asked: Omit<KeptAnswer, "answer">): unknown {
  const args = argumentText(keptArguments(asked.args));
  return answers.find(
    (kept) => kept.address === asked.address && kept.name === asked.name && argumentText(kept.args) === args
  )?.answer;
}

/** Arguments as text: equal for equal ones. */
export function argumentText(args: unknown): string {
  return JSON.stringify(args, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Int32Array) : value
  );
}
