import {describe, expect, it} from "vitest";
import {mtxToRows, type MtxOptions} from "../../../src/components/core/sources/mtx-to-rows.js";
import {rowsMatrix, rowsShape} from "../../../src/components/core/sources/rows-file.js";
import {bytesInMemory, type ByteFile} from "../../../src/components/core/sources/byte-file.js";
import {virtualReader} from "../../../src/components/core/anndata/virtual-reader.js";

const encoder = new TextEncoder();
const head = "%%MatrixMarket matrix coordinate integer general\n%\n3 4 6\n";
/** Genes by cells, out of order. */
const entries = ["3 4 7", "1 1 2", "2 3 1", "1 4 5", "3 1 9", "2 4 40"];

/** A matrix turned into rows in memory, `bytes` of text a piece; how often it was read. */
async function turned(text: string, {bytes = 7, ...options}: MtxOptions & {bytes?: number} = {}) {
  let passes = 0;
  let kept: Uint8Array<ArrayBuffer> | null = null;
  const content = encoder.encode(text);
  const source = {
    name: "matrix.mtx",
    *pieces() {
      passes++;
      for (let at = 0; at < content.length; at += bytes) yield content.subarray(at, at + bytes);
    },
    hasCellsInRows: () => false,
    create: async (byteLength: number) => {
      kept = new Uint8Array(byteLength);
      return {
        write: (at: number, part: Uint8Array) => kept!.set(part, at),
        finish: async (): Promise<ByteFile> => bytesInMemory("rows", kept!),
        abandon: async () => void (kept = null)
      };
    }
  };
  try {
    return {...rowsOf(await mtxToRows(source, options)), passes};
  } catch (error) {
    expect(kept).toBeNull();
    throw error;
  }
}

function rowsOf(file: ByteFile) {
  const shape = rowsShape(file)!;
  const reader = virtualReader({name: "rows", byteLength: 0, close: () => {}}, rowsMatrix(file, shape));
  const read = (path: string) => Array.from(reader.read(path) as ArrayLike<number | bigint>, Number);
  return {shape, indptr: read("/indptr"), indices: read("/indices"), data: read("/data")};
}

describe("a Matrix Market file as rows of cells", () => {
  const expected = {indptr: [0, 2, 2, 3, 6], indices: [0, 2, 1, 2, 0, 1], data: [2, 9, 1, 7, 5, 40]};

  it("is read once where its entries come cell by cell", async () => {
    const sorted = ["1 1 2", "3 1 9", "2 3 1", "3 4 7", "1 4 5", "2 4 40"];
    const found = await turned(`${head}${sorted.join("\n")}\n`);
    expect(found).toMatchObject({...expected, passes: 1});
    expect(found.shape).toEqual({nRows: 4, nCols: 3, entries: 6, type: "int32"});
  });

  it.each([
    [1 << 20, 2],
    [36, 3],
    [1, 5]
  ])("whatever their order, within %i bytes, in %i passes", async (transposeBytes, passes) => {
    for (const bytes of [1, 7, 1000]) {
      const found = await turned(`${head}${entries.join("\r\n")}`, {transposeBytes, bytes});
      expect(found).toMatchObject({...expected, passes});
    }
  });

  it("holds fractions, large numbers, signs and exponents as they are", async () => {
    const text = ["1 1 0.5", "2 1 -3", "3 1 1e2", "1 2 12345678901", "2 2 nan", "3 2 +7"].join("\n");
    const {shape, data} = await turned(`${head.replace("integer", "real")}${text}\n`);
    expect(shape.type).toBe("float64");
    expect(data).toEqual([0.5, -3, 100, 12345678901, NaN, 7]);
    const whole = await turned(`${head}${text.replace("nan", "1")}\n`);
    expect(whole.shape.type).toBe("float64");
    expect(whole.data).toEqual([0.5, -3, 100, 12345678901, 1, 7]);
  });

  it("has 1 wherever a pattern has an entry", async () => {
    const text = entries.map((line) => line.replace(/ \d+$/, "")).join("\n");
    expect((await turned(`${head.replace("integer", "pattern")}${text}\n`)).data).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it.each([
    ["an entry outside", `${head}4 1 2\n`, /line 4: "4 1 2" is no entry of a matrix of 3 x 4/],
    ["letters", `${head}1 1 2\n\n1 2 x\n`, /line 6: "1 2 x" is no entry/],
    ["a value too many", `${head}1 1 2 5\n`, /line 4: "1 1 2 5" is no entry/],
    ["a value too few", `${head}1 1\n`, /line 4: "1 1" is no entry/],
    ["an end too early", `${head}1 1 2\n`, /it has 1 entries of the 6 of its head: it is cut short/],
    ["an entry too many", `${head}${"1 1 2\n".repeat(7)}`, /more entries than the 6 of its head/],
    [
      "no sizes",
      "%%MatrixMarket matrix coordinate real general\n%\n%\naaggg\nggff\n",
      /line 4: "aaggg" is not its rows/
    ],
    ["a dense matrix", "%%MatrixMarket matrix array real general\n3 4\n", /it is "matrix array real general"/],
    ["nothing", "", /its head does not end/],
    ["something else", "gene,cell\n1,2\n", /it begins with "gene,cell"/]
  ])("is refused with the line for %s", async (_, text, says) => {
    await expect(turned(text)).rejects.toThrow(says);
    await expect(turned(text)).rejects.toMatchObject({domain: "file", code: "matrix-market"});
  });

  it("stops when it is told to, and leaves nothing", async () => {
    const stop = new AbortController();
    const many = `%%MatrixMarket matrix coordinate integer general\n3 4 2000000\n${"1 1 2\n".repeat(2_000_000)}`;
    const onProgress = (done: number, total: number) => (expect(done).toBeLessThan(total), stop.abort());
    const running = turned(many, {bytes: 1 << 16, signal: stop.signal, onProgress});
    await expect(running).rejects.toThrow(expect.objectContaining({name: "AbortError"}));
  });
});
