import type {Reporter, TestModule} from "vitest/node";

/** Vitest reporter: names the tests that passed at their second try, with what failed at the first, and closes the run with the plain line "N passed, N failed, N skipped", which any CI can read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = {passed: 0, failed: 0, skipped: 0};
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const {state, errors = []} = test.result();
        count[state === "pending" ? "skipped" : state] += 1;
        if (test.diagnostic()?.flaky)
          process.stdout.write(`passed at the second try: ${test.fullName} (${errors[0]?.message ?? "no error"})\n`);
      }
      if (tests.length === 0 && module.state() === "failed") count.failed += 1;
    }
    count.failed += errors.length;
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
  }
}
