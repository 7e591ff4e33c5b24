// npm test [-- vitest arguments]: installs what is missing, checks types and format, builds the site, runs every test.
// Without arguments the tests that open a browser have the processors, and all others, which begin beside the checks, take what time is left.
import {spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, rmSync} from "node:fs";
import {constants, setPriority, tmpdir} from "node:os";
import {join} from "node:path";
import {ensureDependencies} from "./ensure.js";

ensureDependencies();
const args = process.argv.slice(2);
const vitest = "node_modules/vitest/vitest.mjs";
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

/** Starts a script of Node's and resolves with its exit status. `low`: it takes what time the others leave. */
async function start(name, script, rest, low = false) {
  process.stdout.write(`> ${name}\n`);
  const child = spawn(process.execPath, [script, ...rest], {stdio: "inherit"});
  if (low) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  running.add(child);
  const [status] = await once(child, "exit");
  running.delete(child);
  return status ?? 1;
}

/** Runs steps one after another; the first that fails ends everything. */
async function run(steps) {
  for (const [name, script, rest] of steps) {
    const status = await start(name, script, rest);
    if (status === 0) continue;
    for (const other of running) other.kill();
    process.exit(status);
  }
}

/** Runs all tests in two parts side by side, tells of them as of one run, and resolves with the status of the whole. */
async function testAll() {
  const folder = mkdtempSync(join(tmpdir(), "workbook-tests-"));
  // Also where a check fails, which ends the process.
  process.on("exit", () => rmSync(folder, {recursive: true, force: true}));
  const part = (name, projects, low) => {
    const told = ["--reporter=./tests/file-line.ts", "--reporter=blob", `--outputFile.blob=${join(folder, name)}.json`];
    return start(`tests ${name}`, vitest, ["run", ...projects, ...told], low);
  };
  const others = part("without a browser", ["--project=!browser"], true);
  await Promise.all([run(checks), run(builds)]);
  const ends = [await part("in browsers", ["--project=browser"], false), await others];
  const whole = await start("all tests", vitest, ["run", `--merge-reports=${folder}`]);
  return ends.find((status) => status !== 0) ?? whole;
}

if (args.length === 0) process.exitCode = await testAll();
else {
  // Each of these keeps one core busy.
  await Promise.all([run(checks), run(builds)]);
  await run([["tests", vitest, ["run", ...args]]]);
}
