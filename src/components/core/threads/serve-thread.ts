import {embedSentence} from "../processor/embed-sentence.js";
import {processorLayout} from "../processor/processor-layout.js";
import type {FromThread, ThreadSetup, ToThread} from "./messages.js";

/** Computes a sentence; yields where it can be stopped. */
export type Compute = (input: Float32Array) => Generator<void, Float32Array<ArrayBuffer>, void>;

/** Milliseconds after which a thread that computes listens. By a timer, since Firefox brings a message to oneself by way of another process; nested timers wait 4 ms, so not too often. */
const longest = 250;

/**
 * What a thread does: it sets itself up and computes what it is told to, listening after 250 ms at the next chance. Answers the function that takes messages; `post` sends
 * them. `open` makes of a setup what computes: the encoder's functions over a memory.
 */
export function serveThread(
  post: (message: FromThread, transfer: ArrayBuffer[]) => void,
  open: (setup: ThreadSetup) => Compute = openProcessor
): (message: ToThread) => Promise<void> {
  let compute: Compute;
  let canceled = false;

  async function work(input: Float32Array): Promise<Float32Array<ArrayBuffer> | null> {
    canceled = false;
    const steps = compute(input);
    for (let heard = performance.now(); ;) {
      const {done, value} = steps.next();
      if (done === true) return value;
      if (performance.now() - heard <= longest) continue;
      post({kind: "busy"}, []);
      await new Promise<void>((resolve) => void setTimeout(resolve, 0));
      if (canceled) return null;
      heard = performance.now();
    }
  }

  return async (message) => {
    try {
      if (message.kind === "cancel") canceled = true;
      else if (message.kind === "setup") {
        compute = open(message);
        post({kind: "ready"}, []);
      } else {
        const output = await work(message.input);
        post({kind: "done", output}, output === null ? [] : [output.buffer]);
      }
    } catch (error) {
      post({kind: "failed", message: error instanceof Error ? error.message : String(error)}, []);
    }
  };
}

function openProcessor({model, blocks, module, shared, pages, contents, at}: ThreadSetup): Compute {
  const memory = shared ?? new WebAssembly.Memory({initial: pages});
  if (contents !== null) new Uint8Array(memory.buffer).set(contents);
  const {exports} = new WebAssembly.Instance(module, {env: {memory}});
  const processor = {layout: processorLayout(model, {blocks}), exports, memory, at};
  return (input) => embedSentence(processor, input);
}
