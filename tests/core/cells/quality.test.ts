import {describe, expect, test} from "vitest";
import {filterByQuality, type QualityThresholds} from "../../../src/components/core/cells/quality-filter.js";
import {qualityMeter} from "../../../src/components/core/cells/quality.js";
import {WorkbookError} from "../../../src/components/core/errors.js";
import {geneCounts} from "../../../src/components/core/pipeline/gene-counts.js";
import {measureQuality} from "../../../src/components/core/pipeline/measure-quality.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {describeMatrix} from "../../../src/components/core/anndata/describe-matrix.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import type {CsrBlock} from "../../../src/components/core/types.js";
import {fakeReader} from "../anndata/fake-reader.js";
import {openFixture} from "../anndata/open.js";

const names = ["ACTB", "MT-ND1", "MTOR", "mt-Co1"];

/** Rows of a dense table as a block, from row `first`. */
function blockOf(rows: number[][], first = 0): CsrBlock {
  const entries = rows.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [[column, value] as const])));
  return {
    rows: Int32Array.from(rows, (_, i) => first + i),
    nCols: names.length,
    indptr: Int32Array.from([0, ...entries.map((_, i) => entries.slice(0, i + 1).flat().length)]),
    indices: Int32Array.from(entries.flat(), ([column]) => column),
    values: Float64Array.from(entries.flat(), ([, value]) => value)
  };
}

function measured() {
  const meter = qualityMeter(names, 6);
  meter.add(
    blockOf([
      [6, 2, 0, 0],
      [0, 0, 4, 0]
    ])
  );
  meter.add(
    blockOf(
      [
        [0, 0, 0, 0],
        [1, 3, 4, 2],
        [NaN, 1, 0, 0]
      ],
      2
    )
  );
  return meter.result;
}

describe("quality of cells", () => {
  test("counts, genes and the share of genes called MT- or mt- come block by block; MTOR is none of them", () => {
    const {totalCounts, nGenes, mitoShare, mitoGenes} = measured();
    expect([...totalCounts]).toEqual([8, 4, 0, 10, NaN, NaN]);
    expect([...nGenes]).toEqual([2, 1, 0, 4, 1, 0]);
    expect([...mitoShare]).toEqual([0.25, 0, NaN, 0.5, NaN, NaN]);
    expect(mitoGenes).toEqual(["MT-ND1", "mt-Co1"]);
  });

  test("thresholds count what each removes, keep what stands on them, and nothing happens without any", () => {
    const quality = measured();
    const outcome = (thresholds: Partial<QualityThresholds>, rows?: Int32Array) => {
      const {kept, removedBy} = filterByQuality(
        quality,
        {minCounts: null, minGenes: null, maxMito: null, ...thresholds},
        rows
      );
      return [[...kept], Object.values(removedBy)];
    };
    expect(outcome({})).toEqual([
      [0, 1, 2, 3, 4, 5],
      [0, 0, 0]
    ]);
    expect(outcome({minCounts: 8})).toEqual([
      [0, 3],
      [4, 0, 0]
    ]);
    expect(outcome({minGenes: 2})).toEqual([
      [0, 3],
      [0, 4, 0]
    ]);
    expect(outcome({maxMito: 0.25})).toEqual([
      [0, 1, 2],
      [0, 0, 3]
    ]);
    expect(outcome({minCounts: 5, maxMito: 0.25})).toEqual([[0], [4, 0, 3]]);
    expect(outcome({minCounts: 5}, Int32Array.of(1, 3))).toEqual([[3], [1, 0, 0]]);
  });

  test("one pass over a file agrees with its rows, in every layout", async () => {
    const anndata = await openFixture("encodings");
    const expected = new Float64Array(anndata.nObs);
    for await (const {rows, indptr, values} of streamRows(anndata, "X")) {
      rows.forEach(
        (row, i) =>
          (expected[row] = Array.from(values.subarray(indptr[i], indptr[i + 1])).reduce((sum, value) => sum + value, 0))
      );
    }
    expect(expected.some((total) => total > 0)).toBe(true);
    for (const matrix of ["X", "layers/dense_f4", "layers/csc_index_i4"]) {
      const {totalCounts, nGenes} = await measureQuality(anndata, matrix, anndata.varNames());
      expect(totalCounts, matrix).toEqual(expected);
      expect(Math.max(...nGenes)).toBeGreaterThan(1);
    }
    anndata.close();
  });

  test("a pass is canceled between blocks and says how far it is", async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const anndata = openAnnData(fakeReader({nRows: 40_000, nCols: 300, perRow: 150}));
    const onProgress = (share: number) => {
      seen.push(share);
      stop.abort();
    };
    await expect(
      measureQuality(anndata, "X", anndata.varNames(), {signal: stop.signal, onProgress, pauseEvery: 0})
    ).rejects.toThrow(/abort/i);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeGreaterThan(0);
    expect(seen[0]).toBeLessThan(1);
  });
});

describe("counts of one gene", () => {
  test("are the column of the matrix, in every layout, for all cells and for some", async () => {
    const anndata = await openFixture("encodings");
    const genes = anndata.varNames();
    const dense = Array.from({length: anndata.nObs}, () => new Float32Array(anndata.nVar));
    for await (const {rows, indptr, indices, values} of streamRows(anndata, "X")) {
      rows.forEach((row, i) => {
        for (let at = indptr[i]; at < indptr[i + 1]; ++at) dense[row][indices[at]] = values[at];
      });
    }
    const some = Int32Array.of(1, 4, 10);
    for (const matrix of ["X", "layers/dense_gzip", "layers/csc_index_i8"]) {
      for (const [column, gene] of genes.entries()) {
        const all = await geneCounts(anndata, matrix, gene, null, genes);
        expect(all.counts, `${gene} of ${matrix}`).toEqual(Float32Array.from(dense, (row) => row[column]));
        const few = await geneCounts(anndata, matrix, gene, some, genes);
        expect([...few.counts]).toEqual(Array.from(some, (row) => dense[row][column]));
      }
    }
    anndata.close();
  });

  test("a csc matrix is read for that gene alone", async () => {
    const reader = fakeReader({nRows: 5000, nCols: 400, perRow: 50, encoding: "csc"});
    const anndata = openAnnData(reader);
    await describeMatrix(anndata, "X"); // as a run does before it reads
    reader.reads.length = 0;
    const {counts} = await geneCounts(anndata, "X", anndata.varNames()[3], null, anndata.varNames());
    expect(counts.filter((count) => count > 0)).toHaveLength(50);
    const values = reader.reads.filter(({place}) => place === "/X/data").reduce((sum, {count}) => sum + count, 0);
    expect(values).toBe(50);
  });

  test("a name that the file does not have is refused with a way out", async () => {
    const anndata = await openFixture("encodings");
    const fault = await geneCounts(anndata, "X", "NO-SUCH-GENE", null, anndata.varNames()).catch(
      (error: unknown) => error
    );
    expect(fault).toBeInstanceOf(WorkbookError);
    expect((fault as WorkbookError).code).toBe("no-gene");
    anndata.close();
  });
});
