import {existsSync, readFileSync} from "node:fs";
import {resolve} from "node:path";
import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {digest, matrixFacts, namesFacts, tableFacts, withoutNan} from "./facts.js";
import type {FileFacts, MatrixFacts, NamesFacts} from "./facts.js";

const odd = resolve("../shared/data/odd");
const cells = resolve("../shared/data/cells");
const expectedOf = (kind: string): unknown =>
  JSON.parse(readFileSync(resolve("tests/fixtures/anndata", `${kind}-expected.json`), "utf8"));

/** Every fact of `expected` that the file at `path` disagrees with shows in the failure. */
async function compare(path: string, expected: FileFacts): Promise<void> {
  const anndata = openAnnData(await openH5File(path));
  try {
    expect({nObs: anndata.nObs, nVar: anndata.nVar}).toEqual({nObs: expected.nObs, nVar: expected.nVar});
    expect(tableFacts(anndata, "obs", expected.obs)).toEqual(expected.obs);
    expect(tableFacts(anndata, "var", expected.var)).toEqual(expected.var);
    const raw = expected["raw/var"];
    if (raw !== undefined) expect(tableFacts(anndata, "raw/var", raw)).toEqual(raw);
    expect(anndata.matrices.map(({name}) => name).sort()).toEqual(Object.keys(expected.matrices).sort());
    for (const [name, facts] of Object.entries(expected.matrices)) {
      const found = await matrixFacts(anndata, anndata.matrix(name));
      // The sum is there for people: of scaled values it depends on the order; the sha is of every value.
      expect({name, ...found, sum: null}).toEqual({name, ...facts, sum: null});
    }
    for (const [name, {shape, sha}] of Object.entries(expected.obsm)) {
      const found = anndata.readObsm(name);
      expect([found.nRows, found.nCols]).toEqual(shape);
      expect(digest(withoutNan(found.values))).toBe(sha);
    }
  } finally {
    anndata.close();
  }
}

describe("files with unusual layouts read as anndata reads them", () => {
  for (const [name, expected] of Object.entries(expectedOf("odd") as Record<string, FileFacts>)) {
    const path = resolve(odd, name);
    it(name, async (context) => {
      if (!existsSync(path)) return context.skip(`${path} is not here`);
      if (expected.fails === undefined) return compare(path, expected);
      await expect(openH5File(path)).rejects.toMatchObject({name: "WorkbookError", details: {domain: "file"}});
    });
  }
});

describe("fixtures of every encoding read as anndata reads them", () => {
  for (const [name, expected] of Object.entries(expectedOf("fixtures") as Record<string, FileFacts>)) {
    it(name, () => compare(resolve("tests/fixtures/anndata", name), expected));
  }
});

interface CellsFacts {
  nObs: number;
  nVar: number;
  names: NamesFacts;
  genes: NamesFacts;
  X: MatrixFacts;
  rows: number;
}

describe("files of cells read as anndata reads them", () => {
  for (const [name, expected] of Object.entries(expectedOf("cells") as Record<string, CellsFacts>)) {
    const path = resolve(cells, name);
    it(name, async (context) => {
      if (!existsSync(path)) return context.skip(`${path} is not here`);
      const anndata = openAnnData(await openH5File(path));
      const rows = Int32Array.from({length: expected.rows}, (_, i) => i);
      const found = await matrixFacts(anndata, anndata.matrix("X"), {rows});
      expect(namesFacts(anndata.obsNames())).toEqual(expected.names);
      expect(namesFacts(anndata.varNames())).toEqual(expected.genes);
      expect(found).toEqual(expected.X);
      anndata.close();
    });
  }
});
