/**
 * Our sentences against an independent Python + numpy run (sentences.py), for every h5ad file of a folder:
 *
 *     node --import tsx tests/reference/check-sentences.ts [--data DIR] [--rows A-B] [--sampling reference|low-variance]
 *                                                          [--through cli|core] [--python PATH]
 *
 * A line a file: cells; identical sentences; cells one draw apart; cells further apart; cells identical when ours start from
 * the reference's float32 probabilities. Exit 1 unless at least 99 % of all cells are identical, the others one draw apart, and
 * all identical given the probabilities; also where there is no Python with numpy and anndata. "--through cli" (the default)
 * runs the command line and reads its Arrow table; "core" runs our functions on the counts that Python read.
 */
import {spawnSync} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {tableFromIPC} from "apache-arrow";
import {
  type Alignment,
  alignGenes,
  cellSentence,
  normalize,
  parseGenes
} from "../../src/components/core/cells/index.js";
import type {CellStatus, Sampling, SentenceConstants} from "../../src/components/core/types.js";
import {compareSentences} from "./compare-sentences.js";
import {readReference, type ReferenceCell, type ReferenceFile} from "./read-reference.js";

interface Outcome {
  status: CellStatus;
  tokens: ArrayLike<number> | null;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const constants: SentenceConstants = {sampleSize: 1024, pad: 0, cls: 1, chromosomeEnd: 2000, chromosomeOffset: 1000};
const {values: options} = parseArgs({
  options: {
    data: {type: "string", default: join(root, "../shared/data/cells")},
    rows: {type: "string", default: "0-99"},
    sampling: {type: "string", default: "reference"},
    through: {type: "string", default: "cli"},
    python: {type: "string"}
  }
});
const sampling: Sampling = options.sampling === "low-variance" ? "low-variance" : "reference";
const genesPath = join(root, "src/data/human-genes.csv");
const genes = parseGenes(readFileSync(genesPath, "utf8"));
const geneTokens = new Set(genes.map((gene) => gene.token));
const python = options.python ?? findPython();
const scratch = mkdtempSync(join(tmpdir(), "check-sentences-"));
const total = {cells: 0, identical: 0, apart: 0, further: 0, given: 0};

try {
  console.log(`rows ${options.rows}, ${sampling} sampling, ours through ${options.through}`);
  console.log(columns("file", "cells", "identical", "one draw", "further", "given probabilities"));
  for (const name of readdirSync(options.data)
    .filter((file) => file.endsWith(".h5ad"))
    .sort())
    check(join(options.data, name));
} finally {
  rmSync(scratch, {recursive: true, force: true});
}
console.log(columns("all", total.cells, total.identical, total.apart, total.further, total.given));
const good =
  total.cells > 0 && total.identical >= 0.99 * total.cells && total.further === 0 && total.given === total.cells;
console.log(
  `${((100 * total.identical) / total.cells).toFixed(2)} % identical: ${good ? "as promised" : "NOT as promised"}`
);
process.exitCode = good ? 0 : 1;

function check(file: string): void {
  const out = join(scratch, "reference.ndjson");
  const script = join(root, "tests/reference/sentences.py");
  run(python, [
    "-B",
    "-W",
    "ignore",
    script,
    file,
    "--genes",
    genesPath,
    "--rows",
    options.rows,
    "--sampling",
    sampling,
    "--counts",
    "--out",
    out
  ]);
  const reference = readReference(out);
  const alignment = alignGenes(reference.names, genes);
  const ours = options.through === "core" ? throughCore(reference, alignment) : throughCommandLine(file);
  const count = {cells: 0, identical: 0, apart: 0, further: 0, given: 0};
  for (const cell of reference.cells) {
    const mine = ours.get(cell.row) ?? {status: "failed", tokens: null};
    const {identical, drawsApart} = compareSentences(mine.tokens, cell.tokens, (token) => geneTokens.has(token));
    const same = identical && mine.status === cell.status;
    count.cells += 1;
    count.identical += same ? 1 : 0;
    count.apart += !same && drawsApart === 1 ? 1 : 0;
    count.further += !same && drawsApart !== 1 ? 1 : 0;
    count.given += compareSentences(fromProbabilities(cell, alignment), cell.tokens, () => true).identical ? 1 : 0;
  }
  for (const key of ["cells", "identical", "apart", "further", "given"] as const) total[key] += count[key];
  console.log(columns(basename(file), count.cells, count.identical, count.apart, count.further, count.given));
}

function throughCore(reference: ReferenceFile, alignment: Alignment): Map<number, Outcome> {
  return new Map(
    reference.cells.map((cell) => {
      const indices = cell.columns ?? new Int32Array(0);
      const values = cell.counts ?? new Float64Array(0);
      const block = {
        rows: Int32Array.of(cell.row),
        nCols: reference.names.length,
        indptr: Int32Array.of(0, indices.length),
        indices,
        values
      };
      const [probabilities] = normalize(block, alignment);
      return [cell.row, cellSentence(probabilities, alignment, {sampling, seed: cell.row, constants})];
    })
  );
}

function throughCommandLine(file: string): Map<number, Outcome> {
  const out = join(scratch, "ours.arrow");
  run(process.execPath, [
    join(root, "src/cli.js"),
    "sentences",
    file,
    "--out",
    out,
    "--rows",
    options.rows,
    "--sampling",
    sampling
  ]);
  const table = tableFromIPC(readFileSync(out));
  const cells = new Map<number, Outcome>();
  for (const record of table) {
    const {row, status, tokens} = record.toJSON() as {
      row: number;
      status: CellStatus;
      tokens: {toArray(): Int32Array} | null;
    };
    cells.set(row, {status, tokens: tokens === null ? null : tokens.toArray()});
  }
  return cells;
}

function fromProbabilities(cell: ReferenceCell, alignment: Alignment): Int32Array | null {
  if (cell.genes === null || cell.probabilities === null) return null;
  const probabilities = {
    row: cell.row,
    status: "ok" as const,
    genes: cell.genes,
    probabilities: cell.probabilities,
    totalCounts: 0,
    nGenes: 0,
    alignedCounts: 0,
    fault: null
  };
  return cellSentence(probabilities, alignment, {sampling, seed: cell.row, constants}).tokens;
}

function run(command: string, parameters: string[]): void {
  const {status, stderr} = spawnSync(command, parameters, {encoding: "utf8"});
  if (status === 0) return;
  rmSync(scratch, {recursive: true});
  console.error(
    `${basename(command)} ${parameters.join(" ")}\nended with status ${status}: ${stderr.trim().slice(-600)}`
  );
  process.exit(1);
}

function columns(file: string, ...cells: (string | number)[]): string {
  return file.padEnd(52) + cells.map((cell) => String(cell).padStart(14)).join("");
}

function findPython(): string {
  // It looks where the packages lie, since importing them takes half a second.
  const havePackages = "from importlib.util import find_spec; exit(not (find_spec('numpy') and find_spec('anndata')))";
  const found = ["python3", "/usr/bin/python3", "python"].find(
    (command) => spawnSync(command, ["-c", havePackages]).status === 0
  );
  if (found === undefined) {
    console.error("no Python with numpy and anndata was found: install them, or name one with --python");
    process.exit(1);
  }
  return found;
}
