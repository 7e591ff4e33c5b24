// @vitest-environment jsdom
import {readFileSync} from "node:fs";
import {expect, test} from "vitest";
import type {FamilyRun} from "../../src/components/core/bench/family-run.js";
import {familyView} from "../../src/components/views/family-view.js";

const {runs} = JSON.parse(readFileSync("src/data/bench-family.json", "utf8")) as {runs: FamilyRun[]};

test("committed runs of the original UCE hold what the issue asks for, and name no place of the machine", () => {
  for (const {models, command} of runs) {
    expect(command).not.toMatch(/\s\/\w/);
    for (const {layers, bytes, largestFile, processor, rows} of models) {
      if (layers === 33) expect(bytes).toBeLessThanOrEqual(400e6);
      expect(largestFile).toBeLessThan(100e6);
      for (const row of rows.filter(({passed}) => passed)) expect(row.relativeError).toBeLessThanOrEqual(row.limit);
      const alone = processor.find(({name}) => name.endsWith("blocks as they lie"))!;
      if (layers === 4) expect(alone.processorMs).toBeLessThan(1000);
      expect(alone.relativeError).toBeLessThan(1e-3);
    }
  }
});

test("a run shows both sizes, what fails, and memory beside the bundle", () => {
  const [run] = runs;
  const pace = {batch: 8, ms: 12.3, least: 12, most: 13, calls: 5};
  const row = {
    ...{
      arithmetic: "matrix",
      openMs: 2100,
      firstMs: 100,
      relativeError: 0.004,
      control: 1.4,
      passed: true,
      limit: 0.02
    },
    ...{paces: [{...pace, batch: 1, ms: 20}, pace], cells: {count: 100, batch: 8, msPerCell: 12.5}},
    ...{largestBuffer: 1, deviceBytes: 2}
  };
  const failing = {...row, arithmetic: "fp16", passed: false, relativeError: 0.03};
  const model = {...run.models[0], rows: [row, failing], tabWhileAdding: 100, tabPeak: 120, bytes: 94.3e6};
  const text = familyView({...run, models: [model]}).textContent;
  for (const words of ["4 layers, 94.3 MB", "float16, matrix units", "12.3 (8)", "0.03, fails", "120 MB", "1.3 times"])
    expect(text).toContain(words);
  const stored = runs.find(({models}) => models.some(({processor}) => processor.some(({name}) => name === "fp32")))!;
  expect(familyView(stored).textContent).toContain("error and cosine: to float32");
});

test("each number stands under a heading that says what it is: both times of the processor, and memory in a table of its own", () => {
  const [{models, ...run}] = runs;
  const [on] = models.filter(({processor, tabPeak}) => processor.length > 1 && tabPeak !== null);
  const tables = [...familyView({...run, models: [on]}).querySelectorAll("table")];
  expect(familyView({...run, models: []}).textContent).toContain(`${run.command}. Load average`);
  const heads = tables.map((table) => [...table.querySelectorAll("thead th")].map(({textContent}) => textContent));
  expect(heads.slice(1)).toEqual([
    ["when", "at most", "of the bundle"],
    ["stored as", "size", "ms a cell, clock", "own time", "relative error", "cosine"]
  ]);
  const [base, compared] = on.processor;
  const ofNode = [...tables[2].querySelectorAll("tbody")].map(({textContent}) => textContent);
  expect(ofNode).toHaveLength(1);
  expect(ofNode[0]).toMatch(/^error and cosine: to the same, widened to float32/);
  for (const {name, ms, processorMs} of [base, compared])
    expect(ofNode[0]).toContain(`${name}94.3 MB${Math.round(ms)}${Math.round(processorMs)}`);
  for (const table of tables)
    for (const row of table.querySelectorAll("tbody tr:has(td)"))
      expect(row.children).toHaveLength(table.querySelectorAll("thead th").length);
});
