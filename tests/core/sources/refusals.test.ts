import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {zipSync} from "fflate/browser";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import {openCounts} from "../../../src/components/runtime/node-counts.js";
import {ownSource, sharedSource} from "./sources.js";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "uce-sources-"))));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** A new folder of files. */
function made(name: string, files: Record<string, string | Uint8Array>): string {
  const root = join(folder, name);
  mkdirSync(root, {recursive: true});
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), {recursive: true});
    writeFileSync(join(root, path), content);
  }
  return root;
}

const open = async (path: string) => openAnnData(await openCounts(path)).close();
const head = "%%MatrixMarket matrix coordinate integer general\n";
const group = '{"zarr_format":2}';
const bytes = (text: string) => new TextEncoder().encode(text);

describe("what is none of these is refused by what it is", () => {
  const cases: [what: string, files: Record<string, string>, says: RegExp][] = [
    ["nothing", {}, /"?none-nothing is a folder or archive with nothing in it/],
    ["other files", {"a.csv": "1", "b/c.txt": "2"}, /with a\.csv, b\/c\.txt, and none of them is a matrix of counts/],
    ["an h5ad", {"cells.h5ad": "x"}, /with cells\.h5ad in it: open cells\.h5ad itself/],
    ["a matrix without names", {"matrix.mtx": head}, /a matrix \(matrix\.mtx\) without names of its cells and genes/],
    [
      "matrices of two samples",
      Object.fromEntries(
        ["a", "b"].flatMap((s) => ["matrix.mtx", "barcodes.tsv", "genes.tsv"].map((f) => [`${s}/${f}`, ""]))
      ),
      /a folder of 2 matrices \(a\/matrix\.mtx, b\/matrix\.mtx\): give the folder of one of them/
    ],
    [
      "names of another matrix",
      {"matrix.mtx": `${head}3 2 0\n`, "barcodes.tsv": "c1\nc2\n", "genes.tsv": "g1\ng2\n"},
      /is 3 x 2, beside 2 features and 2 barcodes/
    ],
    [
      "a Zarr store of something else",
      {".zgroup": group, "image/.zgroup": group},
      /a Zarr store with image, without obs and var/
    ],
    ["two Zarr stores", twoStores(), /a folder of 2 Zarr stores \(a, b\): give one of them/],
    [
      "SpatialData",
      {
        ".zgroup": group,
        "tables/.zgroup": group,
        "tables/t/.zgroup": group,
        "tables/t/obs/.zgroup": group,
        "tables/t/var/.zgroup": group
      },
      /SpatialData with AnnData below it \(tables\/t\): give that folder/
    ],
    [
      "broken metadata",
      {".zgroup": group, "obs/.zgroup": group, "obs/.zattrs": "{", "var/.zgroup": group},
      /obs\/\.zattrs is no JSON object/
    ]
  ];
  for (const [what, files, says] of cases) {
    it(`a folder of ${what}`, async () => {
      const error: unknown = await open(made(`none-${what.replaceAll(" ", "-")}`, files)).catch(
        (fault: unknown) => fault
      );
      expect(error).toMatchObject({name: "WorkbookError", domain: "file"});
      expect((error as Error).message).toMatch(says);
    });
  }

  it("a matrix alone, and a broken one with its names", async (context) => {
    const broken = sharedSource("bad_format_has_character.mtx");
    if (broken === null) return context.skip("../shared/data/sources is not here");
    await expect(open(broken)).rejects.toThrow(/is a Matrix Market text file: give its folder/);
    const names = {"barcodes.tsv": "c1\n", "genes.tsv": "g1\n"};
    await expect(open(made("broken", {"matrix.mtx": readFileSync(broken), ...names}))).rejects.toThrow(
      /matrix\.mtx is no Matrix Market file that can be read: line 4: "aaggg"/
    );
  });

  it("the published matrix out of order: as it was cut, with the line; and read, under the head that its entries have", async (context) => {
    const unsorted = sharedSource("unsorted_matrix.mtx");
    if (unsorted === null) return context.skip("../shared/data/sources is not here");
    const entries = readFileSync(unsorted, "utf8").trim().split("\n").slice(2);
    const cells = entries.map((line) => line.split(/\s+/).map(Number));
    const [genes, barcodes] = [0, 1].map((i) => Math.max(...cells.map((entry) => entry[i])));
    const names = (n: number, of: string) => Array.from({length: n}, (_, i) => `${of}${i + 1}\n`).join("");
    const files = (matrix: string | Uint8Array, nGenes: number, nCells: number) => ({
      "matrix.mtx": matrix,
      "barcodes.tsv": names(nCells, "c"),
      "features.tsv": names(nGenes, "g")
    });
    await expect(open(made("cut", files(readFileSync(unsorted), 4, 429)))).rejects.toThrow(
      /line 11: "6 97 1" is no entry of a matrix of 4 x 429/
    );
    const text = `${head}${genes} ${barcodes} ${entries.length}\n${entries.join("\n")}\n`;
    const anndata = openAnnData(await openCounts(made("whole", files(text, genes, barcodes))));
    const found: string[] = [];
    for await (const {rows, indptr, indices, values} of streamRows(anndata, "X")) {
      rows.forEach((row, i) => {
        for (let k = indptr[i]; k < indptr[i + 1]; k++) found.push(`${indices[k] + 1} ${row + 1} ${values[k]}`);
      });
    }
    expect(found.sort()).toEqual(cells.map((entry) => entry.join(" ")).sort());
    anndata.close();
  });
});

describe("archives", () => {
  const sample = {
    "matrix.mtx": bytes(`${head}2 2 1\n1 2 7\n`),
    "barcodes.tsv": bytes("c1\nc2\n"),
    "genes.tsv": bytes("g1\ng2\n")
  };
  const write = (name: string, content: Uint8Array) => (writeFileSync(join(folder, name), content), join(folder, name));

  it("of any name are opened by their content, packed or not", async () => {
    await open(write("sample.h5ad", zipSync(sample)));
    await open(write("stored", zipSync(sample, {level: 0})));
  });

  it("that are damaged, cut off or encrypted are refused in words", async () => {
    const good = zipSync(sample, {level: 0});
    await expect(open(write("cut.zip", good.subarray(0, 200)))).rejects.toThrow(/without the directory at its end/);
    const flipped = good.slice();
    flipped[new TextDecoder("latin1").decode(flipped).indexOf("1 2 7") + 4] ^= 1;
    await expect(open(write("flipped.zip", flipped))).rejects.toThrow(
      /flipped\.zip is damaged: its checksum is another/
    );
    const locked = good.slice();
    for (let i = 0; i < locked.length - 4; i++) {
      if (locked[i] === 0x50 && locked[i + 1] === 0x4b && locked[i + 2] === 1 && locked[i + 3] === 2)
        locked[i + 8] |= 1;
    }
    await expect(open(write("locked.zip", locked))).rejects.toThrow(/locked\.zip is encrypted/);
  });

  it("whose chunks are damaged name the chunk", async () => {
    const broken = readFileSync(ownSource("zarr-v2.zip"));
    const at = broken.indexOf("cells.zarr/obs/names/0", 0, "latin1");
    broken.fill(0, at + 60, at + 90);
    await expect(open(write("chunk.zip", broken)).then(() => null)).resolves.toBeNull();
    const anndata = openAnnData(await openCounts(join(folder, "chunk.zip")));
    expect(() => anndata.obsNames()).toThrow(/chunk\.zip is damaged: chunk 0: .* \(at \/obs\/names\)/);
    anndata.close();
  });
});

function twoStores(): Record<string, string> {
  return Object.fromEntries(["a", "b"].flatMap((s) => ["", "/obs", "/var"].map((at) => [`${s}${at}/.zgroup`, group])));
}
