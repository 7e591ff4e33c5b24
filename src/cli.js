#!/usr/bin/env node
// The command line's entry: installs what is missing, compiles our TypeScript, and hands over to runtime/cli.
import {fileURLToPath} from "node:url";
import {ensureDependencies} from "../scripts/ensure.js";

// Until main has its own, since loading takes a second or two.
const cancel = () => {
  process.stderr.write("uce-workbook: canceled; nothing was written\n");
  process.exit(130);
};
process.once("SIGINT", cancel);
try {
  ensureDependencies();
} catch (error) {
  process.stderr.write(`uce-workbook: ${error.message}\n`);
  process.exit(1);
}
// Programs that this one starts read TypeScript by tsx, which would keep what it compiles in the system's temporary folder: nothing is
// written but where it is asked for.
process.env.TSX_DISABLE_CACHE = "1";
const {importSources} = await import("../scripts/import-sources.js");
const {main} = await importSources(fileURLToPath(new URL("./components/runtime/cli/main.ts", import.meta.url)));
process.off("SIGINT", cancel);
process.exitCode = await main(process.argv.slice(2));
