import type {ThreadProgram} from "../adapters/node-thread.js";

/** The module of Node's threads for the encoder on the processor, and what reads our TypeScript for them. */
export const threadProgram: ThreadProgram = {
  module: new URL("./processor-thread.ts", import.meta.url).href,
  reader: new URL("../../../scripts/import-sources.js", import.meta.url).href
};
