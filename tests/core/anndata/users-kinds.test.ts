import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import type {AnnData} from "../../../src/components/core/anndata/anndata.js";
import {transposedProblem} from "../../../src/components/core/anndata/transposed.js";
import {inspectAnnData} from "../../../src/components/core/anndata/inspect.js";
import {prepareCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {fakeReader} from "./fake-reader.js";
import {openUserFixture, userFixture, usersFile} from "./users.js";

const genes = new Set(["TP53", "GAPDH", "ACTB", "CD3E"]);
const modelGenes = [...genes].map((symbol, i) => ({symbol, token: i, chromosome: 1, start: i, tableRow: i}));

describe("files that are no h5ad are told by what they are", () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "kinds-"))));
  afterAll(() => rmSync(folder, {recursive: true}));

  const rds = Buffer.from("580a000000030004010000030500", "hex");
  const table = `,${Array.from({length: 40}, (_, i) => `cell${i}`).join(",")}\nTP53,${Array(40).fill(1).join(",")}\n`;
  const tar = Buffer.alloc(1024);
  tar.write("cells.h5ad", 0);
  tar.write("ustar", 257);
  const cases: [what: string, bytes: Uint8Array | string, code: string, says: RegExp][] = [
    [
      "rds, gzipped",
      gzipSync(Buffer.concat([rds, Buffer.alloc(1e6)])),
      "r-data",
      /R data \(\.rds\).*readRDS\("a b\.h5ad"\).*writeH5AD/
    ],
    ["rds, plain", rds, "r-data", /R data \(\.rds\)/],
    ["rds, ASCII, gzipped", gzipSync("A\n3\n262144\n197888\n"), "r-data", /R data \(\.rds\)/],
    ["rda, gzipped", gzipSync("RDX3\nX\n\0\0\0\x03"), "r-data", /R data \(\.rda\).*load\("a b\.h5ad"\)/],
    ["rda, plain", "RDX2\nX\n\0\0\0\x02", "r-data", /R data \(\.rda\)/],
    ["xz", Buffer.from("fd377a585a000004", "hex"), "xz-compressed", /perhaps R data.*xz -dc "a b\.h5ad".*readRDS/],
    ["bzip2", "BZh91AY&SY", "bzip2-compressed", /perhaps R data.*bzip2 -dc/],
    [
      "a gzipped h5ad",
      gzipSync(Buffer.from("894844460d0a1a0a", "hex")),
      "gzip-compressed",
      /gzip -dc "a b\.h5ad" > unpacked/
    ],
    ["a gzipped table", gzipSync(table), "gzip-compressed", /table of text.*gzip -dc.*read_csv\("unpacked"\)/],
    ["a gzipped tar", gzipSync(tar), "gzip-compressed", /tar archive.*tar -xf "unpacked"/],
    ["gzip cut off", gzipSync(Buffer.alloc(1e5, "x")).subarray(0, 20), "gzip-compressed", /gzip -dc/],
    ["gzip with nothing in it", Buffer.from("1f8b0800000000000000", "hex"), "gzip-compressed", /gzip -dc/],
    ["a tar archive", tar, "tar-archive", /tar -xf/],
    ["a table with commas", table, "text-table", /table of text.*read_csv\("a b\.h5ad"\)/],
    ["a table as R writes it", "c1\tc2\tc3\nTP53\t1\t0\t2\n", "text-table", /delimiter="\\t"/],
    ["a Matrix Market file", "%%MatrixMarket matrix coordinate\n3 3 1\n", "matrix-market", /give its folder/],
    ["another zip archive", "PK\x03\x04\x14\0\0\0\0\0cells.h5ad", "zip-archive", /is a zip archive: unpack it/]
  ];
  for (const [what, bytes, code, says] of cases) {
    it(`${what}: ${code}`, async () => {
      const path = join(folder, "a b.h5ad");
      writeFileSync(path, bytes);
      const error: unknown = await openH5File(path).catch((fault: unknown) => fault);
      expect(error).toMatchObject({domain: "file", code});
      expect((error as Error).message).toMatch(says);
      expect((error as Error).message).not.toContain("FILE");
    });
  }

  it("users-files/rds_named_h5ad", async (context) => {
    const path = usersFile("rds_named_h5ad");
    if (path === null) return context.skip("../shared/data/users-files is not here");
    await expect(openH5File(path)).rejects.toThrow(/is R data.*zellkonverter/);
  });
});

describe("HDF5 of other programs is told by what it is", () => {
  const cases: [file: string, says: RegExp][] = [
    [
      "unclear.h5mu",
      /MuData file of several modalities \(a, b\), .*mudata\.read_h5mu\("unclear\.h5mu"\)\.mod\["a"\]\.write_h5ad/
    ]
  ];
  for (const [file, says] of cases) {
    it(file, async () => {
      const reader = await openH5File(userFixture(file));
      expect(() => openAnnData(reader)).toThrow(expect.objectContaining({domain: "anndata", code: "not-anndata"}));
      expect(() => openAnnData(reader)).toThrow(says);
      reader.close();
    });
  }
});

describe("of MuData, the modality with the genes is read, and said", () => {
  it("the one called rna", async () => {
    const anndata = await openUserFixture("two.h5mu");
    expect(anndata.modality).toEqual({kind: "modality", name: "rna", others: ["prot"]});
    expect(anndata.layout).toBe("modality rna of MuData, anndata 0.1.0");
    expect(anndata.varNames()[0]).toBe("TP53");
    expect(anndata.readObsm("X_umap").values.slice(0, 3)).toEqual(Float32Array.of(0, 1, 2));
    const {problems} = await inspectAnnData(anndata, {genes: new Set(anndata.varNames())});
    expect(problems).toMatchObject([
      {code: "mudata-modality", message: "two.h5mu is a MuData file: its modality rna is read, prot left out"}
    ]);
    const {notices} = await prepareCells(anndata, modelGenes, {matrix: null, geneColumn: null}, null);
    expect(notices).toContainEqual(expect.objectContaining({code: "mudata-modality"}));
    anndata.close();
  });

  it("the only one whose features are genes", async () => {
    const anndata = await openUserFixture("types.h5mu");
    expect(anndata.modality).toEqual({kind: "modality", name: "first", others: ["adt", "atac"]});
    expect(anndata.matrix("X")).toMatchObject({place: "/mod/first/X", nCols: 9});
    anndata.close();
  });
});

describe("genes in obs and cells in var", () => {
  it("are told, and how to turn them, by inspect and by a run", async () => {
    const anndata = await openUserFixture("transposed-ids");
    const says = /obs_names, which should name cells, are genes \(ENSG00000000001, .*; 9 of 9\), var_names \(cell0, /;
    const {problems} = await inspectAnnData(anndata, {genes});
    expect(problems).toMatchObject([{code: "transposed", severity: "error", message: expect.stringMatching(says)}]);
    await expect(prepareCells(anndata, modelGenes, {matrix: null, geneColumn: null}, null)).rejects.toThrow(
      /read_h5ad\("transposed-ids\.h5ad"\)\.T\.write_h5ad\("transposed\.h5ad"\)/
    );
    anndata.close();
  });

  it("are told of names behind a genome's name or in other letters, and of a sample of many; never of cells", () => {
    const symbols = [...genes];
    const file = (names: string[]) => ({name: "x.h5ad", obsNames: () => names}) as unknown as AnnData;
    const cells = ["AAAC-1", "CCCA-1", "GGGT-1"];
    const find = (names: string[], columns = cells) => transposedProblem(file(names), columns, genes)?.message;
    expect(find(symbols.map((name) => `GRCh38_${name}`))).toMatch(/are genes \(GRCh38_TP53, .*; 4 of 4\)/);
    expect(find(symbols.map((name) => name.toLowerCase()))).toMatch(/; 4 of 4\)/);
    const many = Array.from({length: 20_000}, (_, i) => symbols[i] ?? `ENSG${String(i).padStart(11, "0")}`);
    expect(find(many)).toMatch(/; about 20,000 of 20,000\)/);
    expect(find(cells)).toBeUndefined();
    expect(find(symbols, symbols)).toBeUndefined();
  });

  it("of one matrix alone keep that matrix from being read, as what they are", async () => {
    const reader = fakeReader({nRows: 30, nCols: 7, perRow: 3});
    const swapped: Record<string, string> = {"/obs/_index": "/var/_index", "/var/_index": "/obs/_index"};
    const anndata = openAnnData({
      ...reader,
      node: (place) => reader.node(swapped[place] ?? place),
      read: (place, selection) => reader.read(swapped[place] ?? place, selection)
    });
    const {problems} = await inspectAnnData(anndata, {genes});
    expect(problems.find(({code}) => code === "transposed-matrix")).toMatchObject({
      severity: "error",
      message: "matrix X cannot be read: it is transposed: 30 x 7, genes by cells, for 7 cells",
      remedy: "write it as cells by genes, 7 x 30, in Python: matrix.T.tocsr()"
    });
  });

  it("users-files/whole_transposed", async (context) => {
    const path = usersFile("whole_transposed");
    if (path === null) return context.skip("../shared/data/users-files is not here");
    const anndata = openAnnData(await openH5File(path));
    await expect(prepareCells(anndata, modelGenes, {matrix: null, geneColumn: null}, null)).rejects.toMatchObject({
      code: "transposed"
    });
    anndata.close();
  });
});

it("user blocks of any size stand before files of any version", async () => {
  for (const size of [512, 1024, 8192]) {
    const anndata = await openUserFixture(`user-block-${size}`);
    expect(anndata.column("obs", "n")).toMatchObject({
      kind: "numeric",
      values: Float64Array.from({length: 12}, (_, i) => i)
    });
    anndata.close();
  }
});
