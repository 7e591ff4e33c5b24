import {spawnSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {resolve} from "node:path";
import {describe, expect, test} from "vitest";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {geneNames} from "../../src/components/core/anndata/gene-names.js";
import {streamRows} from "../../src/components/core/anndata/stream-rows.js";
import {alignGenes, type Alignment} from "../../src/components/core/cells/align.js";
import {cellSteps} from "../../src/components/core/cells/cell-steps.js";
import {parseGenes} from "../../src/components/core/cells/genes-csv.js";
import {pythonSnippet} from "../../src/components/core/cells/python-snippet.js";
import type {CsrBlock, Sampling} from "../../src/components/core/types.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {recoveryPython} from "../../src/components/views/recovery-view.js";
import {constants} from "../core/cells/helpers.js";

// "Copy as Python": the text is run as it is copied, and must print the tokens that are shown. Skipped, and said, where
// there is no Python with numpy; PYTHON names another interpreter.
const python = process.env.PYTHON ?? "/usr/bin/python3";
const probe = spawnSync(python, ["-c", "import numpy; print(numpy.__version__)"], {encoding: "utf8"});
const hasNumpy = probe.status === 0;
if (!hasNumpy) process.stderr.write(`Python snippets are not run: ${python} with numpy is not there\n`);

const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
const samplings: Sampling[] = ["reference", "low-variance"];

/** A snippet as it is copied, and the tokens on the screen. */
function snippetOf(block: CsrBlock, alignment: Alignment, sampling: Sampling, name: string) {
  const [row] = block.rows;
  const steps = cellSteps(block, alignment, {sampling, seed: row, constants});
  const text = pythonSnippet(steps, {file: "cells.h5ad", cell: name, seeds: "row"})!;
  return {text, tokens: [...steps.sentence!.sequence]};
}

/** Each text by itself as a program of one Python, which takes longer to start than to run one: what it prints follows a line of "--". */
const oneByOne = `
import json, sys
for text in json.load(sys.stdin):
    print("--")
    exec(compile(text, "-", "exec"), {"__name__": "__main__"})
`;

function check(snippets: readonly {text: string; tokens: number[]}[]): void {
  const input = JSON.stringify(snippets.map(({text}) => text));
  const {status, stdout, stderr} = spawnSync(python, ["-c", oneByOne], {input, encoding: "utf8", maxBuffer: 1e8});
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const printed = stdout.split("--\n").slice(1);
  expect(printed.map((text) => JSON.parse(text) as unknown)).toEqual(snippets.map(({tokens}) => tokens));
}

/** A made-up cell of `present` genes of the model, spread over it. */
function cell(row: number, present: number): CsrBlock {
  const indices = Int32Array.from({length: present}, (_, i) => Math.floor((i * genes.length) / present));
  const values = Float32Array.from(indices, (_, i) => 1 + Math.floor(((i * 37 + row * 11) % 101) ** 2 / 400));
  return {rows: Int32Array.of(row), nCols: genes.length, indptr: Int32Array.of(0, present), indices, values};
}

/** As much of anndata and scipy as the lines use, so that numpy is enough to run them; `written` is what they write. */
function standIns(rows: readonly (readonly number[])[]): string {
  return `
import sys, types
import numpy as np
written = None
class Matrix:
    def __init__(self, rows):
        self.shape = (len(rows), 9)
        self.indptr = np.cumsum([0] + [len(row) for row in rows])
        self.data = np.array([x for row in rows for x in row], dtype=np.float64)
    def eliminate_zeros(self): pass
    def astype(self, dtype): return self
    def rows(self): return [self.data[a:b].tolist() for a, b in zip(self.indptr, self.indptr[1:])]
class AnnData:
    def __init__(self, X, obs=None, var=None):
        self.X, self.obs, self.var, self.layers = X, obs, var, {"log": X}
    @property
    def raw(self): return self
    def write_h5ad(self, path):
        global written
        written = self.layers.get("counts", self.X)
sys.modules["anndata"] = types.SimpleNamespace(AnnData=AnnData, read_h5ad=lambda path: AnnData(Matrix(${JSON.stringify(rows)})))
sys.modules["scipy"] = types.ModuleType("scipy")
sys.modules["scipy.sparse"] = sys.modules["scipy"].sparse = types.SimpleNamespace(csr_matrix=lambda m, dtype: m)
`;
}

describe.skipIf(!hasNumpy)("the copied Python prints the tokens on the screen", () => {
  const alignment = alignGenes(
    genes.map(({symbol}) => symbol),
    genes
  );
  const cells = [
    [0, 1],
    [1, 3],
    [17, 400],
    [2899, 2500],
    [104_729, 9000],
    [5, genes.length]
  ] as const;

  test.each(samplings)("made-up cells of one gene to all of them, %s sampling", (sampling) => {
    check(cells.map(([row, present]) => snippetOf(cell(row, present), alignment, sampling, `cell ${row}`)));
  });

  test("whatever the cell is called; as a program of its own", () => {
    const {text, tokens} = snippetOf(cell(2, 50), alignment, "reference", 'a"b\\\n"""\u2028import os\r# ü');
    const {status, stdout, stderr} = spawnSync(python, ["-"], {input: text, encoding: "utf8"});
    expect({status, stderr}).toEqual({status: 0, stderr: ""});
    expect(JSON.parse(stdout)).toEqual(tokens);
  });

  test.each([
    ["X", Math.E],
    ["layers/log", 2],
    ["raw/X", 10],
    ["X", null]
  ] as const)("the lines that recover counts do: %s, base %s", (matrix, base) => {
    const rows = [[1, 1, 2, 5, 40], [2, 3, 3, 900], [7], []];
    const values = rows.map((row) =>
      row.map((count) => {
        const scaled = (count / row.reduce((sum, value) => sum + value, 0)) * 1e4;
        return base === null ? scaled : Math.log1p(scaled) / Math.log(base);
      })
    );
    const text = `${standIns(values)}\n${recoveryPython(matrix, base)}\nprint([[float(x) for x in row] for row in written.rows()])`;
    const {status, stdout, stderr} = spawnSync(python, ["-"], {input: text, encoding: "utf8"});
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual([rows[0], rows[1], [1], []]);
  });

  test("and they stop where a cell gives no whole numbers", () => {
    const {status, stderr} = spawnSync(python, ["-"], {
      input: `${standIns([Array.from({length: 40}, (_, i) => 0.3 + ((i * 0.618034) % 1))])}\n${recoveryPython("X", Math.E)}`,
      encoding: "utf8"
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/row 0 gives no whole numbers/);
  });

  const folder = resolve("../shared/data/cells");
  const files = ["pbmc3k_100_counts.h5ad", "darmanis2015_human_cortex_466.h5ad", "zheng_pbmc_facs_600_symbols.h5ad"];
  test.skipIf(!existsSync(folder)).each(files)("public cells of %s", async (file) => {
    const anndata = openAnnData(await openH5File(resolve(folder, file)));
    const aligned = alignGenes(geneNames(anndata, anndata.matrix("X")).names, genes);
    const rows = Int32Array.of(0, 1, 42, anndata.nObs - 1);
    const snippets = [];
    for await (const block of streamRows(anndata, "X", {rows, blockRows: 1})) {
      for (const sampling of samplings)
        snippets.push(snippetOf(block, aligned, sampling, anndata.obsNames()[block.rows[0]]));
    }
    check(snippets);
    anndata.close();
  });
});

test("a cell without a sentence has no snippet, and a name cannot leave its comment", () => {
  const alignment = alignGenes(
    genes.map(({symbol}) => symbol),
    genes
  );
  const empty = {...cell(3, 1), indptr: Int32Array.of(0, 0), indices: new Int32Array(0), values: new Float32Array(0)};
  expect(
    pythonSnippet(cellSteps(empty, alignment, {sampling: "reference", seed: 3, constants}), {
      file: "f",
      cell: "c",
      seeds: "row"
    })
  ).toBeNull();
  const text = pythonSnippet(cellSteps(cell(3, 20), alignment, {sampling: "reference", seed: 3, constants}), {
    file: "f\nprint(1)",
    cell: "c\u2028print(2)\r",
    seeds: "row"
  })!;
  expect(text.split(/[\n\r\u2028\u2029\u0085]/)[0]).toMatch(/print\(1\)/);
  expect(text.split(/[\n\r\u2028\u2029\u0085]/)[1]).toBe("import base64");
});
