import {defineConfig} from "vitest/config";

/** Tests that open a browser or run programs: the longest, so they begin first, and short ones fill the last minute of both cores. */
const long = ["tests/browser", "tests/gallery", "tests/package"].map((folder) => `${folder}/**/*.test.ts`);
const programs = ["tests/documented-commands.test.ts"];
/** Tests that put modules of their own in place of ours. */
const replacing = [
  "runtime/kept-files",
  "runtime/load-h5wasm",
  "runtime/search-neighbors",
  "notebook/keep-offer",
  "notebook/neighbors-once"
];
const alone = replacing.map((name) => `tests/${name}.test.ts`);
const commands = ["tests/runtime/cli/**/*.test.ts"];
const plain = ["tests/views/**/*.test.ts", "tests/house/**/*.test.ts"];

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
      {extends: true, test: {name: "browser", include: [...long, ...programs], isolate: false, retry: 1}},
      // The core is pure: its tests need no process of their own each, which takes longer than most of them.
      {extends: true, test: {name: "core", include: ["tests/core/**/*.test.ts"], isolate: false}},
      // Nor do these, which keep nothing between them either.
      {extends: true, test: {name: "plain", include: plain, isolate: false}},
      {extends: true, test: {name: "commands", include: commands, isolate: false}},
      {extends: true, test: {name: "replacing", include: alone}},
      {
        extends: true,
        test: {
          name: "rest",
          include: ["tests/**/*.test.ts"],
          exclude: [...long, ...programs, ...commands, ...plain, ...alone, "tests/core/**"],
          isolate: false
        }
      }
    ]
  }
});
