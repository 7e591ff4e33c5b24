import type {Reporter, TestModule} from "vitest/node";

/** Vitest reporter: a line for each file of tests that is done, for runs side by side, whose failures are told together in the end (scripts/test.js). */
export default class FileLine implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const tests = [...module.children.allTests()];
    const failed = tests.filter((test) => test.result().state === "failed");
    const seconds = (module.diagnostic().duration / 1000).toFixed(1);
    const mark = module.ok() ? "ok" : "FAILED";
    process.stdout.write(`${mark} ${module.relativeModuleId} (${tests.length} tests, ${seconds} s)\n`);
    for (const {fullName} of failed) process.stdout.write(`   failed: ${fullName}\n`);
  }
}
