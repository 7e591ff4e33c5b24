import {readFileSync} from "node:fs";
import {resolve} from "node:path";
import {describe, expect, it, vi} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {describeMatrix} from "../../../src/components/core/anndata/describe-matrix.js";
import type {H5DatasetNode, H5Node, H5Reader} from "../../../src/components/core/anndata/h5-reader.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import {streamTall} from "../../../src/components/core/anndata/stream-tall.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import {uceBrainSentence} from "../../../src/components/core/convert/convert.js";
import {defaultParameters} from "../../../src/components/core/parameters.js";
import type {PipelineEvent} from "../../../src/components/core/pipeline/events.js";
import {runPipeline, type PipelineDeps} from "../../../src/components/core/pipeline/run-pipeline.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {digest, matrixFacts, withoutNan} from "./facts.js";

const right = JSON.parse(readFileSync(resolve("tests/fixtures/dense-expected.json"), "utf8")) as Record<
  string,
  unknown
>;
const shapes = ["contiguous", "by_cell", "by_gene", "square", "tall", "wide", "whole"];
const open = async (shape: string) =>
  openAnnData(await openH5File(resolve("tests/fixtures/choice", `dense_${shape}.h5ad`)));

const total = (values: Iterable<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

describe("a dense matrix reads as numpy has it, whatever its chunks", () => {
  for (const shape of shapes) {
    it(shape, async () => {
      const anndata = await open(shape);
      const {shape: size, nonzero, sum, sha} = await matrixFacts(anndata, anndata.matrix("X"));
      expect({shape: size, nonzero, sum, sha}).toEqual(right);
      anndata.close();
    });
  }

  it("gathered from tall chunks, in buckets of any size and blocks of any number of rows", async () => {
    for (const shape of shapes.filter((name) => name !== "contiguous")) {
      const anndata = await open(shape);
      const info = anndata.matrix("X");
      const node = anndata.reader.node("/X") as H5DatasetNode;
      for (const [bucketRows, perBlock] of [
        [60, 60],
        [7, 3],
        [25, 100],
        [1, 1]
      ]) {
        const all = Int32Array.from({length: info.nRows}, (_, i) => i);
        const bucketBytes = bucketRows * info.nCols * 4;
        const indptr = [0];
        const [indices, values]: [number[], number[]] = [[], []];
        for await (const block of streamTall(anndata.reader, info, node, all, {perBlock, bucketBytes})) {
          expect(block.rows.length).toBeLessThanOrEqual(perBlock);
          for (const stop of block.indptr.subarray(1)) indptr.push(indices.length + stop);
          indices.push(...block.indices);
          values.push(...block.values);
        }
        const sha = digest(Int32Array.from(indptr), Int32Array.from(indices), withoutNan(values));
        expect(sha, `${shape}, ${bucketRows} rows at a time`).toBe(right["sha"]);
      }
      const some = Int32Array.of(3, 17, 18, 59);
      const rows: number[] = [];
      const sums: number[] = [];
      for await (const block of streamTall(anndata.reader, info, node, some, {perBlock: 2, bucketBytes: 1000})) {
        rows.push(...block.rows);
        block.rows.forEach((_, i) => sums.push(total(block.values.subarray(block.indptr[i], block.indptr[i + 1]))));
      }
      const plain: number[] = [];
      for await (const {values} of streamRows(anndata, "X", {rows: some, blockRows: 1})) plain.push(total(values));
      expect([rows, sums]).toEqual([[...some], plain]);
      anndata.close();
    }
  });
});

const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
const valueAt = (row: number, column: number) => (row * 7 + column * 3) % 11;

/** A dense file that exists only as a formula, gzipped in chunks; `unpacked` says how many values of chunks its reads took. */
function tallReader(nRows: number, nCols: number, chunks: [number, number]): H5Reader & {unpacked: number} {
  const text = (length: number): H5DatasetNode => ({
    kind: "dataset",
    shape: [length],
    chunks: null,
    filters: [],
    dtype: {kind: "string", size: 4, label: "str"}
  });
  const nodes: Record<string, H5Node> = {
    "/": {kind: "group", keys: ["X", "obs", "var"]},
    "/obs": {kind: "group", keys: ["_index"]},
    "/var": {kind: "group", keys: ["_index"]},
    "/obs/_index": text(nRows),
    "/var/_index": text(nCols),
    "/X": {
      kind: "dataset",
      shape: [nRows, nCols],
      chunks,
      filters: [{id: 1, name: "gzip"}],
      dtype: {kind: "float", size: 4, label: "float32"}
    }
  };
  return {
    name: "tall.h5ad",
    byteLength: 1,
    unpacked: 0,
    node: (place) => nodes[place] ?? null,
    attributes: () => ({_index: "_index"}),
    read(place, selection) {
      if (place !== "/X")
        return Array.from({length: (nodes[place] as H5DatasetNode).shape[0]}, (_, i) => genes[i]?.symbol ?? `name${i}`);
      const [[top, bottom], [left, right]] = selection!;
      const touched = (from: number, to: number, chunk: number) =>
        (Math.ceil(to / chunk) - Math.floor(from / chunk)) * chunk;
      this.unpacked += touched(top, bottom, chunks[0]) * touched(left, right, chunks[1]);
      const width = right - left;
      const values = new Float32Array((bottom - top) * width);
      for (let k = 0; k < values.length; k++) values[k] = valueAt(top + Math.floor(k / width), left + (k % width));
      return values;
    },
    close: () => undefined
  };
}

describe("a dense matrix stored gene by gene", () => {
  it("has each chunk unpacked once to be looked at, and once to be read", async () => {
    const [nRows, nCols] = [40_000, 640];
    const reader = tallReader(nRows, nCols, [nRows, 1]);
    const anndata = openAnnData(reader);
    expect(await describeMatrix(anndata, "X")).toMatchObject({verdict: "counts", max: 10, complete: false});
    expect(reader.unpacked).toBe(nRows * nCols);
    reader.unpacked = 0;
    let rows = 0;
    const told: number[] = [];
    for await (const block of streamRows(anndata, "X", {onProgress: (done) => told.push(done)})) {
      if (rows === 0) expect(told.length).toBeGreaterThan(5);
      const [row, at] = [block.rows[0], block.indptr[1]];
      const line = new Float32Array(nCols);
      for (let k = 0; k < at; k++) line[block.indices[k]] = block.values[k];
      expect(line).toEqual(Float32Array.from({length: nCols}, (_, column) => valueAt(row, column)));
      rows += block.rows.length;
    }
    expect(rows).toBe(nRows);
    expect(reader.unpacked).toBe(nRows * nCols);
    expect(told.at(-1)).toBe(nRows);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
    reader.unpacked = 0;
    for await (const _ of streamRows(anndata, "X", {transposeBytes: (4 * nRows * nCols) / 2})) continue;
    expect(reader.unpacked).toBe(2 * nRows * nCols);
  });

  it("tells a run's progress while it is gathered, before the first cell", async () => {
    const [nRows, nCols] = [40_000, 640];
    const anndata = openAnnData(tallReader(nRows, nCols, [nRows, 1]));
    const species = {species: "human", lists: [{name: "human", genes}]};
    const bundle = {genes, ...species, hash: "none", manifest: {name: "none", sentence: uceBrainSentence}};
    const deps = {bundle, software: {name: "test", version: "0"}} as unknown as PipelineDeps;
    const told: [string, string, number][] = [];
    let time = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => (time += 300));
    const onEvent = (event: PipelineEvent) => {
      if (event.type === "progress") told.push([event.stage, event.state, event.done]);
    };
    const provenance = {name: "tall", bytes: 0, identity: ""};
    const rows = Int32Array.from({length: 50}, (_, i) => 2 * i);
    const options = {parameters: {...defaultParameters, matrix: "X"}, rows, until: "sample" as const, onEvent};
    await runPipeline({anndata, provenance}, deps, options);
    clock.mockRestore();
    const before = told.slice(
      0,
      told.findIndex(([stage]) => stage === "normalize")
    );
    expect(before.length).toBeGreaterThan(10);
    expect(before.slice(0, -1).every(([stage, state]) => stage === "load" && state === "running")).toBe(true);
    expect(before.at(-1)).toEqual(["load", "done", 50]);
    const load = told.filter(([stage]) => stage === "load").map(([, , done]) => done);
    expect([...load].sort((a, b) => a - b)).toEqual(load);
  });

  it("and larger than memory is looked at by some of its chunks", async () => {
    const [nRows, nCols] = [300_000, 20_000];
    const reader = tallReader(nRows, nCols, [nRows, 1]);
    const evidence = await describeMatrix(openAnnData(reader), "X");
    expect(evidence).toMatchObject({verdict: "counts", max: 10, complete: false, rowsExamined: nRows});
    expect(evidence.fractionNonzero).toBeCloseTo(10 / 11, 3);
    expect(reader.unpacked).toBeLessThan(3_000_000);
  });
});
