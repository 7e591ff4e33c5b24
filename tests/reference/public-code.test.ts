import {spawnSync} from "node:child_process";
import {expect, test} from "vitest";

const python = process.env.PYTHON ?? "/usr/bin/python3";
const run = (...args: string[]) =>
  spawnSync(python, ["-B", "tests/reference/public_code.py", ...args], {encoding: "utf8"});
const isThere = spawnSync(python, ["-c", "import numpy"]).status === 0;
if (!isThere) console.warn(`public_code.py is not tried: ${python} has no numpy`);

test.skipIf(!isThere).each([
  [[], /no checkout is named: give --checkout DIR, a clone/],
  [["--checkout", "nowhere"], /nowhere is no folder: give a clone/]
])("the public code is not run without a checkout, and says so: %j", (args, message) => {
  const {status, stdout, stderr} = run(...args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/Traceback/);
});

test.skipIf(!isThere)("a folder without it is named, as is a Python without torch", () => {
  const {status, stderr} = run("--checkout", "docs");
  expect(status).toBe(2);
  expect(stderr).toMatch(/no file in .*docs has `def sample_cell_sentences_mapping_gene|torch is missing: install it/);
});
