import {Table, vectorFromArray} from "apache-arrow";
import {describe, expect, it} from "vitest";
import {tableToCsv} from "../../../src/components/core/tables/csv.js";
import {embeddingsTable} from "../../../src/components/core/tables/embeddings.js";
import {tableFromBytes, tableToFileBytes, tableToStreamBytes} from "../../../src/components/core/tables/file.js";
import {fileIdentity} from "../../../src/components/core/tables/identity.js";
import type {Provenance} from "../../../src/components/core/tables/provenance.js";
import {codeOf, messageOf} from "./faults.js";

const provenance: Provenance = {
  format: 1,
  stage: "embed",
  software: {name: "uce-workbook", version: "0.1.0"},
  source: {name: "cells.h5ad", bytes: 12, identity: "12-ab"},
  parameters: {}
};

function table(count: number): Table {
  return embeddingsTable(
    {
      rows: Int32Array.from({length: count}, (_, i) => i),
      cellIds: Array.from({length: count}, (_, i) => `cell ${i}`),
      status: Array.from({length: count}, (_, i) => (i === 1 ? "failed" : "ok")),
      nTokens: new Int32Array(count),
      vectors: Float32Array.from({length: 2 * count}, (_, i) => i / 10),
      width: 2
    },
    provenance
  );
}

describe("bytes that are not a whole table", () => {
  it("are refused with the reason", () => {
    expect(codeOf(() => tableFromBytes(new Uint8Array()))).toBe("not-arrow");
    expect(messageOf(() => tableFromBytes(new TextEncoder().encode("row,cell_id\n"), "e.csv"))).toMatch(
      /e\.csv is not an Arrow file: it begins with "row,cell"/
    );
    for (const bytes of [tableToFileBytes(table(100)), tableToStreamBytes(table(100))]) {
      for (const share of [0.02, 0.5, 0.99]) {
        const cut = bytes.slice(0, Math.floor(bytes.length * share));
        expect(codeOf(() => tableFromBytes(cut, "e.arrow"))).toBe("truncated");
      }
      expect(codeOf(() => tableFromBytes(bytes.slice(0, bytes.length - 1)))).toBe("truncated");
    }
  });

  it("are refused in words where the beginning is overwritten", () => {
    const whole = tableToFileBytes(table(20));
    for (const at of [8, 9, 10, 11, 14, 15, 17, 18, 19]) {
      const bytes = whole.slice();
      bytes[at] ^= 0xff;
      expect(codeOf(() => tableFromBytes(bytes, "e.arrow"))).toBe("damaged");
    }
  });

  it("are read from any offset in a larger buffer", () => {
    const bytes = tableToFileBytes(table(5));
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(tableToCsv(tableFromBytes(shifted.subarray(3)))).toBe(tableToCsv(table(5)));
  });
});

describe("a table as CSV", () => {
  it("has a column a dimension, shortest digits and empty nulls", () => {
    expect(tableToCsv(table(3))).toBe(
      [
        "row,cell_id,status,n_tokens,embedding_0,embedding_1",
        "0,cell 0,ok,0,0,0.1",
        "1,cell 1,failed,0,,",
        "2,cell 2,ok,0,0.4,0.5",
        ""
      ].join("\r\n")
    );
  });

  it("quotes what needs quoting and gives every 32-bit float back", () => {
    const values = Float32Array.from({length: 5000}, (_, i) => Math.sin(i) * 10 ** ((i % 60) - 30));
    const text = tableToCsv(new Table({'a,"b"': vectorFromArray(values)}));
    const [header, ...lines] = text.trimEnd().split("\r\n");
    expect(header).toBe('"a,""b"""');
    expect(lines.every((line, i) => Math.fround(Number(line)) === values[i])).toBe(true);
    expect(lines).toHaveLength(values.length);
  });
});

describe("a file's identity", () => {
  const source = (bytes: Uint8Array, asked: number[] = []) => ({
    byteLength: bytes.length,
    slice: async (start: number, end: number) => {
      asked.push(end - start);
      return bytes.slice(start, end);
    }
  });

  it("is its size and, when it is small, the SHA-256 of the whole", async () => {
    expect(await fileIdentity(source(new TextEncoder().encode("abc")))).toBe(
      "3-ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    expect(await fileIdentity(source(new Uint8Array()))).toBe(
      "0-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
  });

  it("reads 4 MiB of 5 GB, the first and the last byte among them", async () => {
    const asked: [number, number][] = [];
    const huge = {
      byteLength: 5e9,
      slice: (start: number, end: number) => {
        asked.push([start, end]);
        return new Uint8Array(end - start);
      }
    };
    expect(await fileIdentity(huge)).toMatch(/^5000000000-[0-9a-f]{64}$/);
    expect(asked.reduce((total, [start, end]) => total + end - start, 0)).toBe(4 * 1024 * 1024);
    expect(asked[0][0]).toBe(0);
    expect(asked.at(-1)?.[1]).toBe(5e9);
    expect(asked.every(([start], i) => i === 0 || start > asked[i - 1][1])).toBe(true);
  });

  it("differs when a sampled byte or the size differs", async () => {
    const bytes = Uint8Array.from({length: 5_000_000}, (_, i) => i * 31);
    const identity = await fileIdentity(source(bytes));
    expect(await fileIdentity(source(bytes.slice()))).toBe(identity);
    const last = bytes.slice();
    last[last.length - 1] ^= 1;
    expect(await fileIdentity(source(last))).not.toBe(identity);
    expect(await fileIdentity(source(bytes.slice(0, -1)))).not.toBe(identity);
  });

  it("says so when bytes are missing", async () => {
    const short = {byteLength: 100, slice: () => new Uint8Array(40)};
    await expect(fileIdentity(short)).rejects.toThrow(/40 bytes came where 100 were asked for/);
  });
});
