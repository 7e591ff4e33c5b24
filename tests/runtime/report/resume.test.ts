import {mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {demoIn} from "../../demo-file.js";
import {shortModel} from "../../short-model.js";
import {reportData, type ReportChoices} from "../../../src/components/runtime/report/report-data.js";

let folder: string;
let demo: string;
let model: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "resume-"));
  demo = demoIn(folder);
  model = await shortModel(folder);
});
afterAll(() => rmSync(folder, {recursive: true}));

const choices = (more: Partial<ReportChoices>): ReportChoices => ({
  model,
  load: {matrix: null, geneColumn: null},
  note: () => {},
  rows: {first: 0, last: 31},
  columns: [],
  genes: [],
  cellNames: false,
  signal: new AbortController().signal,
  onProgress: () => {},
  ...more
});

test("a report that was cut off while it embedded goes on where it was, to the same map", async () => {
  const store = join(folder, "store");
  const ended = new AbortController();
  const onProgress = (what: string, done: number, total: number) => {
    if (what === "embed" && done > 0 && done < total) ended.abort();
  };
  await expect(reportData(demo, choices({store, signal: ended.signal, onProgress}))).rejects.toThrow();
  const parts = () =>
    readdirSync(store, {recursive: true, encoding: "utf8"})
      .filter((name) => name.includes("part-"))
      .map((name): [string, string] => [name, readFileSync(join(store, name), "latin1")]);
  const kept = parts();
  expect(kept.length).toBeGreaterThan(0);

  let first = -1;
  const begun = (what: string, done: number) => {
    if (what === "embed" && first < 0) first = done;
  };
  const resumed = await reportData(demo, choices({store, onProgress: begun}));
  expect(first).toBeGreaterThan(0);
  // What was kept was used, and neither written again nor doubled.
  expect(parts()).toEqual(expect.arrayContaining(kept));
  const whole = await reportData(demo, choices({}));
  expect(resumed.maps.map(({positions}) => positions)).toEqual(whole.maps.map(({positions}) => positions));
});
