import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Table, tableFromArrays} from "apache-arrow";
import {describe, expect, test} from "vitest";
import {profilesTable, readProfiles} from "../../../src/components/core/demo/profiles.js";
import {tableFromBytes, tableToFileBytes} from "../../../src/components/core/tables/file.js";
import {demoProfiles} from "./demo-tissue.js";

const committed = "src/data/demo-profiles.arrow";
const real = "../shared/data/cells";

describe("profilesTable and readProfiles", () => {
  test("give back shares and dispersions as their steps allow, through a file", () => {
    const abundance = Float64Array.of(0.02, 0, 3e-7, 0.03, 0.0004);
    const total = abundance.reduce((sum, value) => sum + value, 0);
    const dispersion = Float64Array.of(0.02, 0.37, 4, 1, 0.1);
    const table = profilesTable(
      {tokens: Uint16Array.of(13466, 20000, 33255, 14000, 15000), dispersion, types: [{name: "a type", abundance}]},
      "somewhere"
    );
    const read = readProfiles(tableFromBytes(tableToFileBytes(table)));
    expect([...read.tokens]).toEqual([13466, 20000, 33255, 14000, 15000]);
    expect(read.types.map(({name}) => name)).toEqual(["a type"]);
    const [found] = read.types;
    expect(found.abundance.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    expect(found.abundance[1]).toBe(0);
    for (const g of [0, 2, 3, 4]) expect(Math.abs(found.abundance[g] / (abundance[g] / total) - 1)).toBeLessThan(0.055);
    for (const g of abundance.keys()) expect(Math.abs(read.dispersion[g] / dispersion[g] - 1)).toBeLessThan(0.015);
  });

  test.each([
    ["no type", {token: new Uint16Array(2), dispersion: new Uint8Array(2)}, "a column a cell type is missing"],
    ["no tokens", {dispersion: new Uint8Array(2), a: new Uint8Array(2)}, 'column "token" is missing'],
    [
      "tokens of 32 bits",
      {token: new Int32Array(2), dispersion: new Uint8Array(2), a: new Uint8Array(2)},
      'column "token" is Int32 instead of Uint16'
    ],
    [
      "a type without expression",
      {token: new Uint16Array(2), dispersion: new Uint8Array(2), a: new Uint8Array(2)},
      '"a" expresses no gene'
    ]
  ])("refuse a table with %s", (_, columns, fault) => {
    expect(() => readProfiles(tableFromArrays(columns) as unknown as Table)).toThrow(fault);
  });
});

describe("the committed profiles", () => {
  test("are small, cite their sources, and have most of the model's genes", () => {
    expect(statSync(committed).size).toBeLessThan(300_000);
    const source = tableFromBytes(readFileSync(committed)).schema.metadata.get("source");
    for (const part of ["GSE67835", "10.1073/pnas.1507125112", "10.1038/ncomms14049", "CC BY 4.0"]) {
      expect(source).toContain(part);
    }
    const {profiles, symbols} = demoProfiles();
    expect(symbols).not.toContain("");
    expect(symbols.length).toBeGreaterThan(14_000);
    expect(profiles.types.length).toBe(13);
  });

  test("are what the script makes of the real data", ({skip}) => {
    if (!existsSync(real)) return skip(`${real} is missing`);
    const folder = mkdtempSync(join(tmpdir(), "profiles-"));
    try {
      const out = join(folder, "profiles.arrow");
      const {status, stderr} = spawnSync(
        process.execPath,
        ["--import", "tsx", "scripts/make-demo-profiles.ts", real, out],
        {encoding: "utf8"}
      );
      expect(stderr).toBe("");
      expect(status).toBe(0);
      expect(Buffer.compare(readFileSync(out), readFileSync(committed))).toBe(0);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});
