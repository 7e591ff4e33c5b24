#!/usr/bin/env node
// The command line's entry: installs what is missing, lets Node read TypeScript, and hands over to runtime/cli.
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
// tsx would keep what it compiles in the system's temporary folder; this program writes only where it is told to.
process.env.TSX_DISABLE_CACHE = "1";
const {register} = await import("tsx/esm/api");
register();
const {main} = await import("./components/runtime/cli/main.ts");
process.off("SIGINT", cancel);
process.exitCode = await main(process.argv.slice(2));
