import {mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import {uceBrainSentence} from "../../../src/components/core/convert/convert.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {readProvenance} from "../../../src/components/core/tables/provenance.js";
import {readSentences} from "../../../src/components/core/tables/sentences.js";
import {calibrationCells} from "../../../src/components/runtime/calibration-cells.js";
import {main} from "../../../src/components/runtime/cli/main.js";
import {makeDemoCheckpoint} from "../../../src/components/runtime/demo-checkpoint.js";
import {demoIn} from "../../demo-file.js";

let folder: string;
let checkpoint: string;
let cells: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "convert-"));
  checkpoint = join(folder, "checkpoint");
  mkdirSync(checkpoint);
  const {config, weights} = makeDemoCheckpoint();
  writeFileSync(join(checkpoint, "config.json"), JSON.stringify(config));
  writeFileSync(join(checkpoint, "model.safetensors"), weights);
  cells = demoIn(folder);
});
afterAll(() => rmSync(folder, {recursive: true}));

async function cli(...argv: string[]): Promise<{status: number; text: string; errors: string}> {
  const said = {text: "", errors: ""};
  const status = await main(argv, {
    stdout: {write: (text) => (said.text += text)},
    stderr: {write: (text: string) => (said.errors += text)}
  });
  return {status, ...said};
}

describe("convert --variants", () => {
  test("asks for cells to measure on, and names the precisions that there are", async () => {
    const out = join(folder, "none");
    const unmeasured = await cli("convert", checkpoint, "--out", out, "--variants", "fp32,int8");
    expect(unmeasured).toMatchObject({status: 1, text: ""});
    expect(unmeasured.errors).toMatch(
      /fp32,int8 needs real cells to measure on: add --calibrate CELLS\.h5ad, or --allow-inexact/
    );
    const unknown = await cli("convert", checkpoint, "--out", out, "--variants", "fp32,int3");
    expect(unknown.errors).toMatch(/--variants cannot be "int3": use one or more of fp32,fp16,int8,int4/);
    const missing = await cli(
      "convert",
      checkpoint,
      "--out",
      out,
      "--variants",
      "int8",
      "--calibrate",
      join(folder, "no.h5ad")
    );
    expect(missing).toMatchObject({status: 2});
    expect(missing.errors).toMatch(/there is no file .*no\.h5ad/);
    const few = await cli("convert", checkpoint, "--out", out, "--variants", "int8", "--calibrate", cells);
    expect(few).toMatchObject({status: 2});
    expect(few.errors).toMatch(
      /--calibrate gives \d+ cells to measure on \(.*\), it takes at least 500: add files with more cells/
    );
    expect(readdirSync(folder)).not.toContain("none");
  });

  test("makes an 8-bit bundle under 5 MB that runs, and says what it does not hold", async () => {
    const bundle = join(folder, "int8");
    const made = await cli("convert", checkpoint, "--out", bundle, "--variants", "int8", "--allow-inexact");
    expect(made).toMatchObject({status: 0, errors: ""});
    expect(made.text).toMatch(/int8: 4\.\d\d MB, not measured/);
    const bytes = readdirSync(bundle).reduce((sum, name) => sum + statSync(join(bundle, name)).size, 0);
    expect(bytes).toBeLessThan(5e6);

    const out = join(folder, "embeddings.arrow");
    const embed = (...more: string[]) => cli("embed", cells, "--out", out, "--rows", "0-4", "--model", bundle, ...more);
    expect(await embed()).toMatchObject({status: 0, errors: ""});
    expect(readProvenance(tableFromBytes(readFileSync(out), out))?.model?.precision).toBe("int8");
    expect(await embed("--precision", "int8")).toMatchObject({status: 0});
    const without = await embed("--precision", "fp32");
    expect(without).toMatchObject({status: 2});
    expect(without.errors).toMatch(/no fp32 variant \(it has int8\): choose one of the variants that it has/);
  }, 120_000);
});

test("calibration takes a run's sentences of cells spread over each file", async () => {
  const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
  const species = [{name: "human", genes}];
  const [{origin, sentences}] = await calibrationCells([cells, cells], {
    species,
    sentence: uceBrainSentence,
    most: 20
  });
  expect(origin).toBe("10 cells of demo.h5ad, 10 cells of demo.h5ad");
  expect(sentences.slice(0, 10)).toEqual(sentences.slice(10));
  const out = join(folder, "sentences.arrow");
  expect(await cli("sentences", cells, "--out", out)).toMatchObject({status: 0});
  const all = readSentences(tableFromBytes(readFileSync(out), out));
  const rows = Array.from({length: 10}, (_, i) => Math.floor((i * all.rows.length) / 10));
  rows.forEach((row, i) => expect(Array.from(sentences[i]), `row ${row}`).toEqual(Array.from(all.tokens(row) ?? [])));
}, 60_000);
