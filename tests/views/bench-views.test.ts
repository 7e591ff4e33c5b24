// @vitest-environment jsdom
import {readFileSync} from "node:fs";
import {expect, test} from "vitest";
import type {BenchRun} from "../../src/components/core/bench/bench-run.js";
import type {Published} from "../../src/components/core/bench/published.js";
import {benchLine} from "../../src/components/views/bench-line.js";
import {benchView} from "../../src/components/views/bench-view.js";

const {runs} = JSON.parse(readFileSync("src/data/bench.json", "utf8")) as {runs: BenchRun[]};
const published = JSON.parse(readFileSync("src/data/bench-published.json", "utf8")) as Published;

test("a run is shown with machine, date, command, load, the fastest that pass, and a cross for each failing time", () => {
  for (const run of runs) {
    const view = benchView(run, {name: "A run"});
    const text = view.textContent;
    const {processor, load} = run.machine;
    for (const fact of [processor, run.command, run.date.slice(0, 10), load ?? ""]) expect(text).toContain(fact);
    const failing = run.rows.filter(({ms, check}) => ms === null || check?.passed === false);
    expect(view.querySelectorAll('tr[data-failing="true"]').length).toBe(failing.length);
    const best = [...view.querySelectorAll(".wb-bench-best li")].map((line) => line.textContent);
    expect(best.length).toBeGreaterThan(1);
    expect(best.some((line) => /dynamic 8-bit/.test(line))).toBe(false);
  }
  const [first] = runs;
  expect(benchView({...first, rows: []}, {name: "Nothing"}).textContent).toContain("No row of this run");
});

test("a chapter's line has what was measured and what was published of its stage, with how often and where", () => {
  expect(benchLine("normalize", {runs}, published).textContent).toMatch(
    /Measured: .* ms, from .* in \d runs of 100 cells .*Published by the seed project: 0\.1 ms \(MacBook Air M4/
  );
  expect(benchLine("umap", {runs}, published).textContent).toContain("The seed project published none.");
  expect(benchLine("load", {runs: []}, published).textContent).toContain("Not measured yet.");
});
