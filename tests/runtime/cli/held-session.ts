// Embeds one sentence with the embedded model and stays until standard input ends: what its process does meanwhile is
// watched by nothing-sent.test.ts. Prints "ready" once the session has run.
import {openBackend} from "../../../src/components/runtime/node-backend.js";
import {openNodeModel} from "../../../src/components/runtime/node-model.js";

const encoder = await openBackend(await openNodeModel(undefined), {threads: 1});
await encoder.embed(Int32Array.of(0), 1, 1);
process.stdout.write("ready\n");
for await (const _ of process.stdin);
await encoder.close();
