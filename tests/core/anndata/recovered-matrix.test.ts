import {describe, expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {chooseMatrix} from "../../../src/components/core/anndata/choose-matrix.js";
import {inspectAnnData} from "../../../src/components/core/anndata/inspect.js";
import {countScales} from "../../../src/components/core/anndata/recover-counts.js";
import {recoveredFrom, recoveredName} from "../../../src/components/core/anndata/recovered-matrix.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import {geneCounts} from "../../../src/components/core/pipeline/gene-counts.js";
import {prepareCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import type {ModelGene} from "../../../src/components/core/types.js";
import {fakeReader} from "./fake-reader.js";

const [nRows, nCols, perRow] = [200, 100, 40];
const count = (row: number, k: number) => 1 + (((row * perRow + k) * 7) % 23);
const total = (row: number) =>
  Array.from({length: perRow}, (_, k) => count(row, k)).reduce((sum, value) => sum + value, 0);
const strange = 17;
const odd = (k: number) => 0.4 + ((k * 0.618034) % 1) * 3;

/** ln(1 + counts per 10,000); the values of row 17 are multiples of nothing. */
const logged = (spoilt = true) =>
  openAnnData(
    fakeReader({
      nRows,
      nCols,
      perRow,
      value(entry) {
        const [row, k] = [Math.floor(entry / perRow), entry % perRow];
        return spoilt && row === strange ? odd(k) : Math.log1p((count(row, k) / total(row)) * 10_000);
      }
    })
  );
const genes: ModelGene[] = Array.from({length: 60}, (_, i) => ({
  symbol: `gene${i}`,
  token: 10 + i,
  chromosome: 564 + (i % 3),
  start: 10 * i
}));

describe("counts recovered as a matrix", () => {
  test("have a name that says what is undone, of which matrix, and no other name does", () => {
    for (const of of ["X", "raw/X", "layers/a:b"]) {
      for (const scale of countScales) expect(recoveredFrom(recoveredName({of, scale}))).toEqual({of, scale});
    }
    for (const name of ["X", "layers/recovered:ln:X", "recovered:ln2:X", "recovered:ln:", "recovered:X"])
      expect(recoveredFrom(name)).toBeNull();
  });

  test("stream as whole numbers, and a cell without them as NaN", async () => {
    const anndata = logged();
    expect(anndata.matrix("recovered:ln:X")).toMatchObject({
      name: "recovered:ln:X",
      dtype: "float64",
      nRows,
      nCols,
      recovered: {of: "X"}
    });
    let seen = 0;
    for await (const {rows, indptr, indices, values} of streamRows(anndata, "recovered:ln:X", {
      rows: Int32Array.of(3, strange, 150),
      blockRows: 2
    })) {
      rows.forEach((row, i) => {
        const part = values.subarray(indptr[i], indptr[i + 1]);
        expect([...part]).toEqual(
          Array.from(indices.subarray(indptr[i], indptr[i + 1]), (k) => (row === strange ? NaN : count(row, k)))
        );
        seen += 1;
      });
    }
    expect(seen).toBe(3);
    expect(() => anndata.matrix("recovered:ln:raw/X")).toThrow(/no matrix raw\/X/);
  });

  test("are taken when asked for, with a warning that says how exact they are, and never without", async () => {
    const byDefault = await chooseMatrix(logged(false));
    expect(byDefault.chosen).toBeNull();
    const {matrix, notices, choice} = await prepareCells(
      logged(),
      genes,
      {matrix: "recovered:ln:X", geneColumn: null},
      null
    );
    expect(matrix.name).toBe("recovered:ln:X");
    expect(choice.isCounts).toBe(true);
    const told = notices.find(({code}) => code === "recovered-counts")!;
    expect(told.severity).toBe("warning");
    expect(told.message).toMatch(
      /whole numbers in 199 of 200 cells, none further off than .*1 cell looked at gives none and gets no result/
    );
  });

  test("are refused under another scale, and of values that are multiples of nothing", async () => {
    const ask = (anndata: ReturnType<typeof logged>, matrix: string) =>
      prepareCells(anndata, genes, {matrix, geneColumn: null}, null);
    await expect(ask(logged(), "recovered:log2:X")).rejects.toMatchObject({
      details: {code: "not-recoverable", fault: expect.stringMatching(/the name would be recovered:ln:X/)}
    });
    const nothing = () => openAnnData(fakeReader({nRows, nCols, perRow, value: odd}));
    await expect(ask(nothing(), "recovered:ln:X")).rejects.toMatchObject({
      details: {code: "not-recoverable", fault: expect.stringMatching(/no counts can be recovered from X/)}
    });
    const {matrix, problems} = await inspectAnnData(nothing(), {genes: new Set(), matrix: "recovered:ln:X"});
    expect(matrix.name).toBeNull();
    expect(problems[0]).toMatchObject({code: "not-recoverable", severity: "error", place: "recovered:ln:X"});
  });

  test("are listed by an inspection that asks for them, as counts, with a problem that says what they are", async () => {
    const {matrices, matrix, problems} = await inspectAnnData(logged(false), {
      genes: new Set(["gene1"]),
      matrix: "recovered:ln:X"
    });
    expect(matrices.map(({name, evidence}) => [name, evidence?.verdict])).toEqual([
      ["X", "log-normalized"],
      ["recovered:ln:X", "counts"]
    ]);
    expect(matrices[1].evidence).toMatchObject({max: 23, nonInteger: 0, nan: 0, complete: true});
    expect(matrix).toMatchObject({name: "recovered:ln:X", isCounts: true});
    expect(problems.filter(({code}) => code === "recovered-counts")).toMatchObject([{severity: "warning"}]);
    expect((await inspectAnnData(logged(false), {genes: new Set(["gene1"])})).matrices).toHaveLength(1);
  });

  test("of one gene are recovered too, also where the file stores genes one after the other", async () => {
    const byRow = await geneCounts(logged(), "recovered:ln:X", "gene5", Int32Array.of(2, strange), logged().varNames());
    expect([...byRow.counts]).toEqual([count(2, 5), NaN]);
    // By gene: 40 entries a column, in rows 0 to 39, which are then the cells.
    const perColumn = (row: number, column: number) => 1 + ((row * 31 + column * 7) % 9);
    const sum = (row: number) =>
      Array.from({length: nCols}, (_, column) => perColumn(row, column)).reduce((a, b) => a + b, 0);
    const csc = openAnnData(
      fakeReader({
        nRows: perRow,
        nCols,
        perRow,
        encoding: "csc",
        value: (entry) =>
          Math.log1p((perColumn(entry % perRow, Math.floor(entry / perRow)) / sum(entry % perRow)) * 10_000)
      })
    );
    const byColumn = await geneCounts(csc, "recovered:ln:X", "gene5", Int32Array.of(2, 30), csc.varNames());
    expect([...byColumn.counts]).toEqual([perColumn(2, 5), perColumn(30, 5)]);
  });
});
