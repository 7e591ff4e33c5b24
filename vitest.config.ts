import {defineConfig} from "vitest/config";

export default defineConfig({
  // Framework's names for packages; in tests they are the packages themselves.
  resolve: {alias: [{find: /^npm:/, replacement: ""}]},
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/setup.ts"],
    reporters: ["default", "./tests/closing-line.ts"],
    // Two cores are the smallest machine this must pass on; models and HDF5 are memory-hungry, so few at a time.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 300_000
  }
});
