// Makes the demo's model bundle in src/data/model/ (where it is missing or of another recipe), or with
// --checkpoint FOLDER writes the random checkpoint that it is made from, in the public layout.
import {join} from "node:path";
import {writeFileAtomically} from "../src/components/adapters/node-files.js";
import {makeDemoCheckpoint} from "../src/components/runtime/demo-checkpoint.js";
import {ensureDemoModel} from "../src/components/runtime/demo-model.js";

const [flag, folder] = process.argv.slice(2);
if (flag === "--checkpoint" && folder !== undefined) {
  const {config, weights} = makeDemoCheckpoint();
  await writeFileAtomically(
    join(folder, "config.json"),
    new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`)
  );
  await writeFileAtomically(join(folder, "model.safetensors"), weights);
} else if (flag === undefined) {
  await ensureDemoModel();
} else {
  console.error("usage: make-demo-model.ts [--checkpoint FOLDER]");
  process.exitCode = 1;
}
