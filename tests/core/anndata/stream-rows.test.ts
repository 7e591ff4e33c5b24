import {describe, expect, it} from "vitest";
import type {AnnData} from "../../../src/components/core/anndata/anndata.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {describeMatrix} from "../../../src/components/core/anndata/describe-matrix.js";
import {estimateTranspose} from "../../../src/components/core/anndata/stream-csc.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import type {StreamOptions} from "../../../src/components/core/anndata/stream-stored.js";
import type {CsrBlock} from "../../../src/components/core/types.js";
import {fakeReader} from "./fake-reader.js";
import {openFixture} from "./open.js";
import type {ReadLog} from "./open.js";

/** Has X looked at, as a run does before it reads (`chooseMatrix`), and forgets what was read for that. */
async function lookFirst(anndata: AnnData, {reads}: ReadLog): Promise<void> {
  await describeMatrix(anndata, "X");
  reads.length = 0;
}

async function blocksOf(anndata: AnnData, matrix: string, options?: StreamOptions): Promise<CsrBlock[]> {
  const blocks: CsrBlock[] = [];
  for await (const block of streamRows(anndata, matrix, options)) blocks.push(block);
  return blocks;
}

/** Each row as "row: column=value ..."; checks that blocks are well formed on the way. */
function rowsOf(blocks: CsrBlock[]): string[] {
  return blocks.flatMap(({rows, indptr, indices, values, nCols}) => {
    expect(indptr).toHaveLength(rows.length + 1);
    expect(indptr[rows.length]).toBe(indices.length);
    expect(values).toHaveLength(indices.length);
    return Array.from(rows, (row, i) => {
      const entries: string[] = [];
      for (let k = indptr[i]; k < indptr[i + 1]; k++) {
        expect(indices[k]).toBeLessThan(nCols);
        if (k > indptr[i]) expect(indices[k]).toBeGreaterThan(indices[k - 1]);
        expect(values[k]).not.toBe(0);
        entries.push(`${indices[k]}=${values[k]}`);
      }
      return `${row}: ${entries.join(" ")}`;
    });
  });
}

const layouts = [
  "X",
  "layers/dense_f4",
  "layers/dense_gzip",
  "layers/csr_index_i8",
  "layers/csc_index_i4",
  "layers/csc_index_i8"
];

describe("rows come the same from every layout", () => {
  for (const layout of layouts) {
    it(`${layout}, whole, in small blocks, and any ascending subset`, async () => {
      const anndata = await openFixture("encodings");
      const whole = rowsOf(await blocksOf(anndata, "X"));
      expect(whole).toHaveLength(12);
      expect(rowsOf(await blocksOf(anndata, layout))).toEqual(whole);
      const small = await blocksOf(anndata, layout, {blockRows: 5});
      expect(small.map(({rows}) => rows.length)).toEqual([5, 5, 2]);
      expect(rowsOf(small)).toEqual(whole);
      const tight = await blocksOf(anndata, layout, {blockBytes: 96, transposeBytes: 200});
      expect(tight.length).toBeGreaterThan(4);
      expect(rowsOf(tight)).toEqual(whole);
      const subset = Int32Array.of(0, 3, 4, 9, 11);
      expect(rowsOf(await blocksOf(anndata, layout, {rows: subset, blockRows: 2}))).toEqual(
        Array.from(subset, (row) => whole[row])
      );
      expect(await blocksOf(anndata, layout, {rows: new Int32Array(0)})).toEqual([]);
      anndata.close();
    });
  }

  it("entries out of order are sorted, those of one place added up, stored zeros left out", async () => {
    const anndata = await openFixture("encodings");
    expect(rowsOf(await blocksOf(anndata, "layers/csr_unsorted_twice_zero")).slice(0, 3)).toEqual([
      "0: 1=2 3=5",
      "1: 2=16.5 8=8",
      "2: "
    ]);
    const rows = rowsOf(await blocksOf(anndata, "layers/csc_unsorted_twice_zero"));
    expect([rows[0], rows[1], rows[3], rows[11]]).toEqual(["0: ", "1: 0=2", "3: 0=5", "11: 1=8"]);
    anndata.close();
  });

  it("NaN, infinite and negative values are handed on", async () => {
    const anndata = await openFixture("encodings");
    for (const layer of ["layers/dense_strange", "layers/csc_strange"]) {
      const rows = rowsOf(await blocksOf(anndata, layer));
      expect([rows[2], rows[4], rows[5]].join()).toMatch(/3=NaN.*5=Infinity.*0=-2.5/);
    }
    anndata.close();
  });
});

describe("streaming", () => {
  it("reports progress up to the whole, and stops when told to", async () => {
    const anndata = await openFixture("encodings");
    for (const layout of layouts) {
      const seen: number[] = [];
      await blocksOf(anndata, layout, {blockRows: 4, onProgress: (done, total) => seen.push(done / total)});
      expect(seen.at(-1)).toBe(1);
      expect([...seen].sort((a, b) => a - b)).toEqual(seen);
      const atOnce: number[] = [];
      await blocksOf(anndata, layout, {onProgress: (done, total) => atOnce.push(done / total)});
      // csc: entries are counted, then gathered, before the rows are handed out.
      expect(atOnce).toEqual(layout.includes("csc") ? [0.5, 1, 1] : [1]);
      const controller = new AbortController();
      const run = blocksOf(anndata, layout, {
        blockRows: 4,
        signal: controller.signal,
        onProgress: () => controller.abort()
      });
      await expect(run).rejects.toMatchObject({name: "AbortError"});
    }
    anndata.close();
  });

  it("refuses rows that are not there, twice there, or not ascending", async () => {
    const anndata = await openFixture("encodings");
    await expect(blocksOf(anndata, "X", {rows: Int32Array.of(3, 12)})).rejects.toThrow(
      /row 12 is outside matrix X .* 12 rows: ask for rows 0 to 11/
    );
    await expect(blocksOf(anndata, "X", {rows: Int32Array.of(3, 3)})).rejects.toThrow(/row 3 comes after row 3/);
    await expect(blocksOf(anndata, "X", {rows: Int32Array.of(-1)})).rejects.toThrow(/row -1 is outside/);
    anndata.close();
  });

  it("asks for no more than a block at a time", async () => {
    const nRows = 3000;
    const perRow = 200;
    const reader = fakeReader({nRows, nCols: 500, perRow});
    const anndata = openAnnData(reader);
    await lookFirst(anndata, reader);
    let rows = 0;
    for await (const block of streamRows(anndata, "X", {blockBytes: 64 * 1024})) rows += block.rows.length;
    expect(rows).toBe(nRows);
    const largest = Math.max(...reader.reads.filter(({place}) => place === "/X/data").map(({count}) => count));
    expect(largest).toBeLessThanOrEqual((64 * 1024) / 8);
    const total = reader.reads.filter(({place}) => place === "/X/data").reduce((sum, {count}) => sum + count, 0);
    expect(total).toBe(nRows * perRow);
  });

  it("unpacks each chunk once when blocks do not end where chunks do", async () => {
    const reader = fakeReader({nRows: 3000, nCols: 500, perRow: 200, chunk: 5000});
    const anndata = openAnnData(reader);
    await lookFirst(anndata, reader);
    expect((await blocksOf(anndata, "X", {blockBytes: 64 * 1024})).length).toBeGreaterThan(10);
    const total = reader.reads.filter(({place}) => place === "/X/data").reduce((sum, {count}) => sum + count, 0);
    expect(total).toBe(3000 * 200);
  });

  it("reads of chunks that are not packed what is asked for, and no more", async () => {
    const reader = fakeReader({nRows: 3000, nCols: 500, perRow: 200, chunk: 50_000, unpacked: true});
    const anndata = openAnnData(reader);
    await lookFirst(anndata, reader);
    await blocksOf(anndata, "X", {rows: Int32Array.of(7, 1500, 2999)});
    const total = reader.reads.filter(({place}) => place === "/X/data").reduce((sum, {count}) => sum + count, 0);
    expect(total).toBe(3 * 200);
  });
});

describe("the cost of a transpose", () => {
  it("is told beforehand: more memory, fewer passes", async () => {
    const anndata = await openFixture("encodings");
    const matrix = {...anndata.matrix("layers/csc_index_i4"), nRows: 1e6, stored: 1e9};
    const small = estimateTranspose(matrix, 256 * 2 ** 20);
    const large = estimateTranspose(matrix, 1024 * 2 ** 20);
    expect(small).toMatchObject({passes: 1 + Math.ceil(8e9 / 2 ** 28)});
    expect(large.passes).toBeLessThan(small.passes);
    expect(large.bytesRead).toBeLessThan(small.bytesRead);
    expect(small.memoryBytes).toBeLessThan(256 * 2 ** 20 + 8e6 + 32 * 2 ** 20);
    expect(estimateTranspose(matrix, 256 * 2 ** 20, 100).passes).toBe(2);
    anndata.close();
  });
});
