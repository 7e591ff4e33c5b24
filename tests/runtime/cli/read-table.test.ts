import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {embeddingsTable, readEmbeddingParts, readEmbeddings} from "../../../src/components/core/tables/embeddings.js";
import {fileOfBatches} from "../../../src/components/core/tables/file-of-batches.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {vectorRows} from "../../../src/components/core/tables/vector-rows.js";
import {withParts} from "../../../src/components/runtime/cli/read-table.js";

const provenance = {
  format: 1 as const,
  stage: "embed" as const,
  software: {name: "test", version: "1"},
  source: {name: "cells.h5ad", bytes: 1, identity: ""},
  parameters: {}
};
let folder: string;
let path: string;

/** Four, one and three cells, the second and sixth of them without a vector, in a batch each. */
function tables() {
  return [4, 1, 3].map((count, part) => {
    const rows = Int32Array.from({length: count}, (_, i) => [0, 4, 5][part] + i);
    return embeddingsTable(
      {
        rows,
        cellIds: Array.from(rows, (row) => `cell${row}`),
        status: Array.from(rows, (row) => (row === 1 || row === 5 ? "empty" : "ok")),
        nTokens: rows.map((row) => 10 + row),
        vectors: Float32Array.from({length: count * 3}, (_, i) => rows[0] * 3 + i),
        width: 3
      },
      provenance
    );
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "read-table-"));
  path = join(folder, "cells.arrow");
  const [first, ...others] = tables();
  const pieces: Uint8Array[] = [];
  for await (const piece of fileOfBatches(first.schema, [first, ...others])) pieces.push(piece);
  writeFileSync(path, Buffer.concat(pieces));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe("a table that is read batch by batch", () => {
  test("has the batches of the file, and as vectors those of the whole", async () => {
    const whole = tableFromBytes(readFileSync(path));
    expect(whole.batches).toHaveLength(3);
    const {parts, cells} = await withParts(
      path,
      async ({parts, bytes}) => {
        const sizes: number[] = [];
        const counted = (async function* () {
          for await (const part of parts) {
            sizes.push(part.numRows);
            yield part;
          }
        })();
        return {cells: await readEmbeddingParts(counted, Math.floor(bytes / 4)), parts: sizes};
      },
      0
    );
    expect(parts).toEqual([4, 1, 3]);
    expect(cells).toEqual(readEmbeddings(whole));
    expect(cells.index).toEqual(Int32Array.of(0, 2, 3, 4, 6, 7));
  });

  test("names the row of the whole table that has a value that is not finite", async () => {
    const wrong = join(folder, "wrong.arrow");
    const bytes = readFileSync(path);
    // The vector of cell 6: its first number is the 18th.
    bytes.writeFloatLE(Infinity, bytes.indexOf(Buffer.from(Float32Array.of(18, 19, 20).buffer)));
    writeFileSync(wrong, bytes);
    const read = withParts(wrong, ({parts}) => readEmbeddingParts(parts, bytes.length), 0);
    await expect(read).rejects.toThrow(/row 6 .*not finite/);
  });

  test("is refused where it is damaged inside, by its name", {timeout: 10_000}, async () => {
    const damaged = join(folder, "damaged.arrow");
    const bytes = readFileSync(path);
    // A third of it is lost on the way; begin and end are there.
    writeFileSync(
      damaged,
      Buffer.concat([bytes.subarray(0, bytes.length >> 1), bytes.subarray((bytes.length * 5) / 6)])
    );
    const read = withParts(damaged, ({parts}) => readEmbeddingParts(parts, bytes.length), 0);
    await expect(read).rejects.toMatchObject({domain: "table", code: "damaged"});
    await expect(read).rejects.toThrow(/damaged\.arrow/i);
  });
});

test("the vectors of a table of several batches are found by row in any order", () => {
  const table = tableFromBytes(readFileSync(path));
  const {at, rows} = vectorRows(table);
  expect(rows).toBe(8);
  const first = (row: number) => at(row)?.[0] ?? null;
  expect([7, 0, 4, 3, 6, 2, 5, 1, 7, 4].map(first)).toEqual([21, 0, 12, 9, 18, 6, null, null, 21, 12]);
});
