/**
 * Makes a large synthetic h5ad, to see that reading stays small:
 *
 *     node --import tsx scripts/make-large-h5ad.ts OUT.h5ad [--cells 100000] [--per-cell 2700]
 *         [--encoding csr|csc|dense] [--compress]
 *
 * Counts of human genes, seeded: 100,000 cells with about 2,700 of 19,656 genes each make 2.2 GB uncompressed. OUT
 * belongs outside the repository; nothing of it is committed. Written by h5wasm piece by piece, so that Node alone
 * suffices and memory stays at a piece. --compress writes gzip, with chunks as large as h5py would choose.
 * csc writes the same shape gene by gene; dense is for small numbers of cells.
 */
import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {File, ready} from "h5wasm/node";
import type {Dataset} from "h5wasm";
import {parseGenes} from "../src/components/core/cells/genes-csv.js";

const {
  values: options,
  positionals: [out]
} = parseArgs({
  allowPositionals: true,
  options: {
    cells: {type: "string", default: "100000"},
    "per-cell": {type: "string", default: "2700"},
    encoding: {type: "string", default: "csr"},
    compress: {type: "boolean", default: false}
  }
});
if (out === undefined) throw new Error("name the file to write: make-large-h5ad.ts OUT.h5ad");

const table = readFileSync(fileURLToPath(new URL("../src/data/human-genes.csv", import.meta.url)), "utf8");
const genes = parseGenes(table).map(({symbol}) => symbol);
const nCells = Number(options.cells);
const density = Number(options["per-cell"]) / genes.length;

await ready;
const file = new File(out, "w");
file.create_attribute("encoding-type", "anndata");
file.create_attribute("encoding-version", "0.1.0");
writeTable(
  "obs",
  Array.from({length: nCells}, (_, i) => `cell${i}`)
);
writeTable("var", genes);
const stored = options.encoding === "dense" ? writeDense() : writeSparse(options.encoding as "csr" | "csc");
file.close();
console.log(`${out}: ${nCells} cells, ${genes.length} genes, ${stored} values stored`);

function writeTable(name: string, index: string[]): void {
  const group = file.create_group(name);
  group.create_attribute("encoding-type", "dataframe");
  group.create_attribute("encoding-version", "0.2.0");
  group.create_attribute("_index", "_index");
  group.create_attribute("column-order", new Float64Array(0));
  const width = index.reduce((longest, text) => Math.max(longest, text.length), 0);
  group.create_dataset({name: "_index", data: index, dtype: `S${width}`});
}

/** Rows (csr) or columns (csc), each with a random ascending set of the other axis and small counts. */
function writeSparse(encoding: "csr" | "csc"): number {
  const [major, minor] = encoding === "csr" ? [nCells, genes.length] : [genes.length, nCells];
  const group = file.create_group("X");
  group.create_attribute("encoding-type", `${encoding}_matrix`);
  group.create_attribute("encoding-version", "0.1.0");
  group.create_attribute("shape", new BigInt64Array([BigInt(nCells), BigInt(genes.length)]), [2], "<q");
  const data = appendable("X", "data", "<f", Float32Array);
  const indices = appendable("X", "indices", "<i", Int32Array);
  const indptr = new BigInt64Array(major + 1);
  const random = generator(20240607);
  const step = 2 / density; // gaps are uniform between 1 and step - 1: on average 1 / density
  let entries = 0;
  for (let i = 0; i < major; i++) {
    for (let j = Math.floor(random() * step); j < minor; j += 1 + Math.floor(random() * (step - 1))) {
      indices.push(j);
      data.push(1 + Math.floor(-1.5 * Math.log(1 - random())));
      entries++;
    }
    indptr[i + 1] = BigInt(entries);
  }
  data.end();
  indices.end();
  group.create_dataset({name: "indptr", data: indptr, dtype: "<q"});
  return entries;
}

function writeDense(): number {
  const random = generator(20240607);
  const data = appendable("/", "X", "<f", Float32Array, genes.length);
  for (let k = 0; k < nCells * genes.length; k++) {
    data.push(random() < density ? 1 + Math.floor(-1.5 * Math.log(1 - random())) : 0);
  }
  data.end();
  return nCells * genes.length;
}

/** A dataset that grows: values are collected and written a chunk of rows (of `width` values) at a time. */
function appendable(
  parent: string,
  name: string,
  dtype: string,
  array: Float32ArrayConstructor | Int32ArrayConstructor,
  width = 1
): {push(value: number): void; end(): void} {
  const rows = Math.max(1, Math.floor((options.compress ? 1 << 16 : 1 << 20) / width));
  const buffer = new array(rows * width);
  let held = 0;
  let written = 0;
  let dataset: Dataset | null = null;
  const flush = () => {
    if (held === 0) return;
    const count = held / width;
    const shape = (n: number) => (width === 1 ? [n] : [n, width]);
    const piece = buffer.slice(0, held);
    if (dataset === null) {
      dataset = file.create_dataset({
        name: parent === "/" ? name : `${parent}/${name}`,
        data: piece,
        dtype,
        shape: shape(count),
        maxshape: width === 1 ? [null] : [null, width],
        chunks: shape(rows),
        ...(options.compress ? {compression: 1, compression_opts: [4]} : {})
      });
    } else {
      dataset.resize(shape(written + count));
      const ranges: [number, number][] = [[written, written + count]];
      if (width > 1) ranges.push([0, width]);
      dataset.write_slice(ranges, piece);
    }
    written += count;
    held = 0;
  };
  return {
    push(value) {
      buffer[held++] = value;
      if (held === buffer.length) flush();
    },
    end: flush
  };
}

/** mulberry32: small, fast, good enough for test data. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
