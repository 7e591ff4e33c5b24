// Runs command lines one after another in one process, as src/cli.js runs one: a JSON list of lists of arguments is the one argument. Prints a
// line of JSON for each: its exit status, what it said, and what lies in TMPDIR after it.
import {existsSync, readdirSync} from "node:fs";
import {resolve} from "node:path";
import {importSources} from "../../../scripts/import-sources.js";

const {main} = await importSources(resolve("src/components/runtime/cli/main.ts"));
for (const args of JSON.parse(process.argv[2])) {
  let [text, errors] = ["", ""];
  const stdout = {isTTY: false, write: (part) => (text += part)};
  const status = await main(args, {stdout, stderr: {write: (part) => (errors += part)}});
  const left = existsSync(process.env.TMPDIR) ? readdirSync(process.env.TMPDIR, {recursive: true}) : [];
  process.stdout.write(`${JSON.stringify({status, text, errors, left})}\n`);
}
