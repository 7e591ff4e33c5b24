#!/usr/bin/env node
// The command line's entry: installs what is missing, lets Node read TypeScript, and hands over to runtime/cli.
import {ensureDependencies} from "../scripts/ensure.js";

try {
  ensureDependencies();
} catch (error) {
  process.stderr.write(`uce-workbook: ${error.message}\n`);
  process.exit(1);
}
const {register} = await import("tsx/esm/api");
register();
const {main} = await import("./components/runtime/cli/main.ts");
process.exitCode = await main(process.argv.slice(2));
