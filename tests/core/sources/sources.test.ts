import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {inspectAnnData} from "../../../src/components/core/anndata/inspect.js";
import {openCounts} from "../../../src/components/runtime/node-counts.js";
import {expectedSources, ownSource, sharedSource, sourceFacts} from "./sources.js";

describe("files of other formats than h5ad hold the values that Python reads", () => {
  for (const [name, expected] of Object.entries(expectedSources.own)) {
    it(name, async () => {
      const anndata = openAnnData(await openCounts(ownSource(name)));
      expect(await sourceFacts(anndata, expected)).toEqual(expected);
      anndata.close();
    });
  }
  for (const [name, expected] of Object.entries(expectedSources.shared)) {
    it(`../shared/data/sources/${name}`, async (context) => {
      const path = sharedSource(name);
      if (path === null) return context.skip("../shared/data/sources is not here");
      const anndata = openAnnData(await openCounts(path));
      expect(await sourceFacts(anndata, expected)).toEqual(expected);
      anndata.close();
    });
  }
});

describe("10x Genomics HDF5", () => {
  it("says what it is, and leaves antibodies out by their number", async () => {
    const anndata = openAnnData(await openCounts(ownSource("with-antibodies.h5")));
    expect(anndata.layout).toBe("10x Genomics HDF5 (Cell Ranger 3 or later)");
    expect(anndata).toMatchObject({nObs: 12, nVar: 9, modality: null});
    expect(anndata.features("var").leftOut).toEqual([{type: "Antibody Capture", count: 2}]);
    anndata.close();
  });

  it("of several genomes reads the human one, and says so", async () => {
    const anndata = openAnnData(await openCounts(ownSource("two-genomes.h5")));
    expect(anndata.layout).toBe("10x Genomics HDF5 (Cell Ranger 2, genome GRCh38)");
    const {problems} = await inspectAnnData(anndata, {genes: new Set(anndata.varNames())});
    expect(problems).toMatchObject([
      {code: "one-genome", message: "two-genomes.h5 has a matrix a genome: GRCh38 is read, mm10 left out"}
    ]);
    anndata.close();
  });

  it("of genomes that it does not know reads none, and names them", async () => {
    const reader = await openCounts(ownSource("unclear-genomes.h5"));
    expect(() => openAnnData(reader)).toThrow(
      /several genomes \(first, second\), and which of them to read is not clear.*genome="first"\)\.write_h5ad/
    );
    reader.close();
  });
});
