import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {readEmbeddings} from "../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {readProvenance} from "../../src/components/core/tables/provenance.js";
import {main} from "../../src/components/runtime/cli/main.js";
import {demoIn} from "../demo-file.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "backend-"));
});
afterAll(() => rmSync(folder, {recursive: true}));

test("embed --backend wasm in two threads gives the vectors of --backend cpu, to a thousandth of the spread between cells", async () => {
  const demo = demoIn(folder);
  const how = ["--rows", "100-111", "--threads", "2"];
  const [cpu, wasm] = await Promise.all(
    ["cpu", "wasm"].map(async (backend) => {
      const out = join(folder, `${backend}.arrow`);
      let errors = "";
      const stream = {write: (text: string) => (errors += text)};
      const status = await main(["embed", demo, "--out", out, ...how, "--backend", backend], {
        stdout: stream,
        stderr: stream
      });
      expect(status, errors).toBe(0);
      const table = tableFromBytes(readFileSync(out), out);
      expect(readProvenance(table)?.model?.backend).toBe(backend);
      return readEmbeddings(table);
    })
  );
  expect(wasm.rows).toEqual(cpu.rows);
  expect(wasm.vectors).not.toEqual(cpu.vectors);
  expect(relativeError(wasm.vectors, cpu.vectors, 12, cpu.width)).toBeLessThan(1e-3);
});
