import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {beforeAll, afterAll, describe, expect, it} from "vitest";
import {demoFile} from "../demo-file.js";
import {createRandom} from "../../src/components/core/random.js";
import {umapLayout} from "../../src/components/core/space/umap-layout.js";
import {type Embeddings, readEmbeddings} from "../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {fileIdentity} from "../../src/components/core/tables/identity.js";
import {openNodeModel} from "../../src/components/runtime/node-model.js";
import {createUmapEngine} from "../../src/components/core/space/umap-engine.js";

const map = JSON.parse(readFileSync("src/data/demo-map.json", "utf8")) as {
  identity: string;
  model: string;
  rows: number[];
  positions: number[];
};
const demo = demoFile();
afterAll(() => demo.remove());

it("the map that the site brings is of the demo's file as it is made now, by the model that is shipped", async () => {
  const bytes = new Uint8Array(readFileSync(demo.path));
  expect(map.identity, "run npm run make-demo-map").toBe(
    await fileIdentity({byteLength: bytes.length, slice: (from, to) => bytes.slice(from, to)})
  );
  expect(map.model, "run npm run make-demo-map").toBe((await openNodeModel(undefined)).hash);
  expect(map.positions).toHaveLength(2 * map.rows.length);
});

describe("the map that a run computes takes the place of the one that the site brings without a jump", () => {
  let embeddings: Embeddings;
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), "demo-map-"));
    const out = join(folder, "embeddings.arrow");
    // The precision that browsers take; one thread takes less of the processor than two.
    const args = ["src/cli.js", "embed", demo.path, "--precision", "int8", "--threads", "1", "--out", out];
    const {status, stderr} = spawnSync(process.execPath, args, {stdio: ["ignore", "ignore", "pipe"]});
    expect(status, stderr.toString()).toBe(0);
    embeddings = readEmbeddings(tableFromBytes(new Uint8Array(readFileSync(out))));
    rmSync(folder, {recursive: true});
  }, 120_000);

  // Devices differ by about 1e-6: where a browser's vectors come from is another's noise.
  it.each([
    ["by the vectors of this machine", 0, 0],
    ["by vectors of another device", 1e-6, 1],
    ["by those of a third", 1e-6, 2]
  ])("%s", async (_, noise, seed) => {
    const random = createRandom(seed);
    const vectors = embeddings.vectors.map((value) => value * (1 + noise * random.normal()));
    let positions: Float32Array = new Float32Array(0);
    for await (const frame of umapLayout(vectors, embeddings.width, createUmapEngine(), {interval: Infinity})) {
      positions = frame.positions;
    }
    const spanOf = (axis: number) => {
      const values = map.positions.filter((__, i) => i % 2 === axis);
      return Math.max(...values) - Math.min(...values);
    };
    const width = Math.max(spanOf(0), spanOf(1));
    const moved = map.rows
      .map((__, i) =>
        Math.hypot(positions[2 * i] - map.positions[2 * i], positions[2 * i + 1] - map.positions[2 * i + 1])
      )
      .map((distance) => distance / width)
      .sort((a, b) => a - b);
    // Half of the cells within 3 % of the map's width, nine tenths within 8 %, all within a fifth.
    expect(moved[Math.floor(moved.length / 2)]).toBeLessThan(0.03);
    expect(moved[Math.floor(0.9 * moved.length)]).toBeLessThan(0.08);
    expect(moved.at(-1)).toBeLessThan(0.2);
  });
});
