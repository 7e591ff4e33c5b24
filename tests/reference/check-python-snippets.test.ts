import {spawnSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {resolve} from "node:path";
import {describe, expect, test} from "vitest";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {geneNames} from "../../src/components/core/anndata/gene-names.js";
import {streamRows} from "../../src/components/core/anndata/stream-rows.js";
import {alignGenes, type Alignment} from "../../src/components/core/cells/align.js";
import {cellSteps} from "../../src/components/core/cells/cell-steps.js";
import {parseGenes} from "../../src/components/core/cells/gene-table.js";
import {pythonSnippet} from "../../src/components/core/cells/python-snippet.js";
import type {CsrBlock, Sampling} from "../../src/components/core/types.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {constants} from "../core/cells/helpers.js";

// "Copy as Python": the text is run as it is copied, and must print the tokens that are shown. Skipped, and said, where
// there is no Python with numpy; PYTHON names another interpreter.
const python = process.env.PYTHON ?? "/usr/bin/python3";
const probe = spawnSync(python, ["-c", "import numpy; print(numpy.__version__)"], {encoding: "utf8"});
const hasNumpy = probe.status === 0;
if (!hasNumpy) process.stderr.write(`Python snippets are not run: ${python} with numpy is not there\n`);

const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
const samplings: Sampling[] = ["reference", "low-variance"];

function check(block: CsrBlock, alignment: Alignment, sampling: Sampling, name: string): void {
  const [row] = block.rows;
  const steps = cellSteps(block, alignment, {sampling, seed: row, constants});
  const text = pythonSnippet(steps, {file: "cells.h5ad", cell: name})!;
  const {status, stdout, stderr} = spawnSync(python, ["-"], {input: text, encoding: "utf8"});
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual([...steps.sentence!.sequence]);
}

/** A made-up cell of `present` genes of the model, spread over it. */
function cell(row: number, present: number): CsrBlock {
  const indices = Int32Array.from({length: present}, (_, i) => Math.floor((i * genes.length) / present));
  const values = Float32Array.from(indices, (_, i) => 1 + Math.floor(((i * 37 + row * 11) % 101) ** 2 / 400));
  return {rows: Int32Array.of(row), nCols: genes.length, indptr: Int32Array.of(0, present), indices, values};
}

describe.skipIf(!hasNumpy)("the copied Python prints the tokens on the screen", () => {
  const alignment = alignGenes(genes.map(({symbol}) => symbol), genes);
  const cells = [[0, 1], [1, 3], [17, 400], [2899, 2500], [104_729, 9000], [5, genes.length]] as const;

  test.each(samplings)("made-up cells of one gene to all of them, %s sampling", (sampling) => {
    for (const [row, present] of cells) check(cell(row, present), alignment, sampling, `cell ${row}`);
  });

  test("whatever the cell is called", () => {
    check(cell(2, 50), alignment, "reference", 'a"b\\\n"""\u2028import os\r# ü');
  });

  const folder = resolve("../shared/data/cells");
  const files = ["pbmc3k_100_counts.h5ad", "darmanis2015_human_cortex_466.h5ad", "zheng_pbmc_facs_600_symbols.h5ad"];
  test.skipIf(!existsSync(folder)).each(files)("public cells of %s", async (file) => {
    const anndata = openAnnData(await openH5File(resolve(folder, file)));
    const aligned = alignGenes(geneNames(anndata, anndata.matrix("X")).names, genes);
    const rows = Int32Array.of(0, 1, 42, anndata.nObs - 1);
    for await (const block of streamRows(anndata, "X", {rows, blockRows: 1})) {
      for (const sampling of samplings) check(block, aligned, sampling, anndata.obsNames()[block.rows[0]]);
    }
    anndata.close();
  });
});

test("a cell without a sentence has no snippet, and a name cannot leave its comment", () => {
  const alignment = alignGenes(genes.map(({symbol}) => symbol), genes);
  const empty = {...cell(3, 1), indptr: Int32Array.of(0, 0), indices: new Int32Array(0), values: new Float32Array(0)};
  expect(pythonSnippet(cellSteps(empty, alignment, {sampling: "reference", seed: 3, constants}), {file: "f", cell: "c"})).toBeNull();
  const text = pythonSnippet(cellSteps(cell(3, 20), alignment, {sampling: "reference", seed: 3, constants}), {file: "f\nprint(1)", cell: "c\u2028print(2)\r"})!;
  expect(text.split(/[\n\r\u2028\u2029\u0085]/)[0]).toMatch(/print\(1\)/);
  expect(text.split(/[\n\r\u2028\u2029\u0085]/)[1]).toBe("import base64");
});
