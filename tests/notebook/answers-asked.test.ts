import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test, vi} from "vitest";
import {
  ask,
  embed,
  load,
  normalize,
  openFile,
  openReference,
  sample,
  type Stage
} from "../../src/components/notebook/node.js";
import type {QuestionArguments} from "../../src/components/core/questions/index.js";
import {tableToFileBytes} from "../../src/components/core/tables/file.js";
import {demoFile} from "../demo-file.js";
import {shortModel} from "../short-model.js";
import {cli} from "../runtime/cli/run-program.js";

vi.setConfig({testTimeout: 120_000});

const demo = demoFile();
const rows = Array.from({length: 32}, (_, i) => 5 * i);
let embeddings: Stage;
let model: string;
beforeAll(async () => {
  model = await shortModel(demo.folder, 128);
  const file = await openFile(demo.path, {model});
  embeddings = embed(sample(normalize(load(file, {cells: {mode: "rows", rows}, model}))));
  await embeddings.table();
});
afterAll(() => demo.remove());

test("scores that a page asks for are those of the command; without batches there are none of batches", async () => {
  const vectors = join(demo.folder, "e.arrow");
  writeFileSync(vectors, tableToFileBytes(await embeddings.table()));
  const columns = {labels: "cell_type", batches: "donor"};
  const told = await cli(
    ...["score", vectors, "--cells", demo.path, "--labels", columns.labels, "--batches", columns.batches, "--json"]
  );
  const {spaces, cells, leftOut, pcr} = JSON.parse(told.text);
  const seen: number[] = [];
  const answer = await ask(
    embeddings,
    "integrationScores",
    {...columns, most: 10_000},
    {onProgress: (done) => seen.push(done)}
  );
  // JSON has null for what is no number: with so few cells no label has 10 in two batches.
  expect(JSON.parse(JSON.stringify(answer))).toMatchObject({
    spaces,
    cells,
    leftOut,
    pcr,
    clustering: "Louvain",
    beyondSample: 0
  });
  expect(answer.cells).toBeGreaterThan(25);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.length).toBeGreaterThan(0);

  const sampled = await ask(embeddings, "integrationScores", {labels: "cell_type", batches: null, most: 25});
  expect(sampled).toMatchObject({
    cells: 25,
    leftOut: rows.length - 25,
    batches: null,
    pcr: null
  });
  expect(sampled.beyondSample).toBeGreaterThan(0);
  expect(sampled.spaces.embeddings).toMatchObject({ilisi: null, kbet: null, cilisi: null});
  const wrong = ask(embeddings, "integrationScores", {labels: "cell_type", batches: null, most: 10});
  await expect(wrong).rejects.toMatchObject({code: "too-few-cells"});
});

test("what a page asks about a cell's genes is what the command tells, with neighbors and labels beside", async () => {
  const options = ["--genes", "B2M,NOSUCHGENE", "--add", "GAD1", "--draws", "2", "--json"];
  const reference = "src/data/reference-pbmc";
  options.push("--reference", reference, "--by", "subpop");
  const told = JSON.parse((await cli("explain", demo.path, "--cell", "5", ...options)).text);
  // The reference is of the model's own sentences, at full length.
  const few = rows.slice(0, 12);
  const counts = load(await openFile(demo.path), {cells: {mode: "rows", rows: few}});
  const embeddings = embed(sample(normalize(counts)));
  await embeddings.table();
  const changes = (labels: QuestionArguments<"explain">["labels"]) => ({
    rows: Int32Array.of(5),
    most: 1,
    top: 0,
    draws: 2,
    changes: [
      {name: "B2M", genes: ["B2M"], how: "leave out" as const},
      {name: "NOSUCHGENE", genes: ["NOSUCHGENE"], how: "leave out" as const},
      {name: "GAD1", genes: ["GAD1"], how: "add" as const}
    ],
    labels
  });
  const lender = {reference: await openReference(reference), by: "subpop"};
  const answer = await ask(embeddings, "explain", changes(lender));
  const {noise, reach, missing, label} = told;
  const parts = told.parts.map(({label: one, ...part}: {label: object}) => ({...part, labels: [one]}));
  expect(missing).toEqual(["NOSUCHGENE"]);
  expect(answer).toMatchObject({noise, reach, missing, parts, labels: [label], of: 1, compared: few.length});
  for (const {kept, others} of answer.parts) {
    expect(kept).toBeGreaterThanOrEqual(0);
    expect(others.kept).toBeLessThanOrEqual(1);
  }

  const group = await ask(embeddings, "explain", {
    ...changes({column: "cell_type"}),
    rows: Int32Array.from(few),
    most: 2
  });
  expect(group.rows).toHaveLength(2);
  expect(group).toMatchObject({of: few.length});
  expect(group.labels).toHaveLength(2);
  expect(group.parts[0].moveError).toBeGreaterThan(0);
  expect(group.parts.every(({changed}) => changed! >= 0 && changed! <= 1)).toBe(true);
  const none = ask(embeddings, "explain", {...changes(null), changes: [], top: 0, rows: Int32Array.of(6)});
  await expect(none, "a cell without a vector is explained as well").resolves.toMatchObject({of: 0, parts: []});
});

test("filtering is measured on cells of the run, with the genes that vary most among them, beside the seed", async () => {
  const seen: number[] = [];
  const order = {cells: 20, seeds: 2, choice: 0, genes: 2000, labels: "cell_type"};
  const answer = await ask(embeddings, "trustFilter", order, {onProgress: (done, total) => seen.push(done / total)});
  expect(answer).toMatchObject({cells: 20, seeds: 2, chosenOn: rows.length, labels: "cell_type"});
  expect(answer.genes.kept).toBeGreaterThanOrEqual(2000);
  expect(answer.genes.keptKnown).toBeLessThan(answer.genes.allKnown / 2);
  expect(answer.between.relativeError).toBeGreaterThan(answer.all.relativeError);
  expect(answer.between.sameCell.count).toBe(20 * 2);
  expect(answer.agreement!.all.accuracy).toBeGreaterThan(0.3);
  expect(seen.at(-1)).toBe(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  const told = await cli(
    "filtering",
    demo.path,
    "--cells",
    "6",
    "--keep",
    "300",
    "--labels",
    "cell_type",
    "--model",
    model
  );
  expect(told).toMatchObject({status: 0, errors: ""});
  expect(told.text).toMatch(
    /: 6 cells; 300 of 15021 genes kept, which vary most among 260 cells .*\n.*e \d\.\d+, median/
  );
  expect(told.text).toContain("as another seed does");
  await expect(ask(embeddings, "trustFilter", {...order, seeds: 1})).rejects.toMatchObject({code: "bad-number"});
});
