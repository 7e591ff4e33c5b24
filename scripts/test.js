// npm test [-- vitest arguments]: installs what is missing, checks types and format, builds the site, runs every test.
import {spawnSync} from "node:child_process";
import {ensureDependencies} from "./ensure.js";

ensureDependencies();
const args = process.argv.slice(2);
const browser = args.every((arg) => arg.startsWith("-")) || args.some((arg) => arg.includes("browser"));
const steps = [
  ["type check", "node_modules/typescript/bin/tsc", ["-p", "tsconfig.json"]],
  ["type check of the pure core", "node_modules/typescript/bin/tsc", ["-p", "src/components/core/tsconfig.json"]],
  [
    "format (npm run format mends it)",
    "node_modules/prettier/bin/prettier.cjs",
    ["--check", "--log-level", "warn", "src", "scripts", "tests", "types", "observablehq.config.ts", "vitest.config.ts"]
  ],
  // Built once, before the browser tests, which then find it up to date; not for a run of other tests only.
  ...(browser ? [["site", "scripts/build.js", ["--if-changed"]]] : []),
  ["tests", "node_modules/vitest/vitest.mjs", ["run", ...args]]
];
for (const [name, script, rest] of steps) {
  process.stdout.write(`> ${name}\n`);
  const {status} = spawnSync(process.execPath, [script, ...rest], {stdio: "inherit"});
  if (status !== 0) process.exit(status ?? 1);
}
