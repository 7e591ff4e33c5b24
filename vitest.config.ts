import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {defineConfig} from "vitest/config";

/** Tests that open a browser. `npm test` runs them beside the others, which take what time these leave of two cores (scripts/test.js). */
const browser = ["tests/browser", "tests/gallery", "tests/package"].map((folder) => `${folder}/**/*.test.ts`);
/** The longest of the others, which begins first. */
const commands = ["tests/documented-commands.test.ts"];
/** Tests that put modules of their own in place of ours, or use up what a page has once. */
const own = [
  "runtime/kept-files",
  "runtime/load-h5wasm",
  "runtime/search-neighbors",
  "notebook/keep-offer",
  "notebook/neighbors-once",
  "views/address-input"
];
const alone = own.map((name) => `tests/${name}.test.ts`);
/** Tests of elements, which say so in their first line. */
const elements = readdirSync("tests", {recursive: true, encoding: "utf8"})
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => join("tests", name))
  .filter((name) => !alone.includes(name) && readFileSync(name, "utf8").startsWith("// @vitest-environment jsdom"));

export default defineConfig({
  // Framework's names for packages; in tests they are the packages themselves.
  resolve: {alias: [{find: /^npm:/, replacement: ""}]},
  test: {
    globalSetup: ["tests/setup.ts"],
    reporters: ["default", "./tests/closing-line.ts"],
    // Two cores are the smallest machine this must pass on, and two files at a time keep them busy: with three, waits of tests run out.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // A busy machine may take its time for what comes in a moment on a quiet one.
    expect: {poll: {timeout: 60_000}},
    // In the order of their names.
    projects: [
      // They share a process, and with it a browser (tests/browser/chromium.ts) and what is imported.
      // On a machine that others use, too, a browser may miss a moment: a second try, of which the closing line tells.
      {extends: true, test: {name: "browser", include: browser, isolate: false, retry: 1}},
      {extends: true, test: {name: "commands", include: commands, isolate: false}},
      // Files of one environment one after another: a process that goes from one to another is started anew.
      {extends: true, test: {name: "elements", include: elements, isolate: false}},
      {extends: true, test: {name: "own", include: alone}},
      {
        extends: true,
        test: {
          name: "rest",
          include: ["tests/**/*.test.ts"],
          exclude: [...browser, ...commands, ...alone, ...elements],
          isolate: false
        }
      }
    ]
  }
});
