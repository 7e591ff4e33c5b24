// npm test [-- vitest arguments]: installs what is missing, checks types and format, builds the site, runs every test.
import {spawn} from "node:child_process";
import {once} from "node:events";
import {ensureDependencies} from "./ensure.js";

ensureDependencies();
const args = process.argv.slice(2);
const browser = args.every((arg) => arg.startsWith("-")) || args.some((arg) => arg.includes("browser"));
const checks = [
  ["type check", "node_modules/typescript/bin/tsc", ["-p", "tsconfig.json", "--singleThreaded"]],
  [
    "type check of the pure core",
    "node_modules/typescript/bin/tsc",
    ["-p", "src/components/core/tsconfig.json", "--singleThreaded"]
  ],
  [
    "format (npm run format mends it)",
    "node_modules/prettier/bin/prettier.cjs",
    ["--check", "--log-level", "warn", "src", "scripts", "tests", "types", "observablehq.config.ts", "vitest.config.ts"]
  ]
];
// Built once, before the browser tests, which then find it up to date; not for a run of other tests only.
const builds = browser ? [["site", "scripts/build.js", ["--if-changed"]]] : [];
const running = new Set();

/** Runs steps one after another; the first that fails ends everything. */
async function run(steps) {
  for (const [name, script, rest] of steps) {
    process.stdout.write(`> ${name}\n`);
    const child = spawn(process.execPath, [script, ...rest], {stdio: "inherit"});
    running.add(child);
    const [status] = await once(child, "exit");
    running.delete(child);
    if (status === 0) continue;
    for (const other of running) other.kill();
    process.exit(status ?? 1);
  }
}

// Each of these keeps one core busy.
await Promise.all([run(checks), run(builds)]);
await run([["tests", "node_modules/vitest/vitest.mjs", ["run", ...args]]]);
