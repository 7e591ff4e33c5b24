import {mkdtemp, readFile, readdir, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {folderBundle} from "../../src/components/adapters/node-files.js";
import {openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {runSelfTest} from "../../src/components/core/embed/self-test.js";
import {ensureDemoModel} from "../../src/components/runtime/demo-model.js";

let parent: string;
let folder: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "demo-model-"));
  folder = join(parent, "model");
});
afterAll(() => rm(parent, {recursive: true, force: true}));

describe("the demo model", () => {
  it("is made when missing, also by two at once, marked untrained, and passes its own self-test", async () => {
    await Promise.all([ensureDemoModel({folder}), ensureDemoModel({folder})]);
    expect(await readdir(parent)).toEqual(["model"]);
    const bundle = await openBundle(folderBundle(folder));
    expect(bundle.manifest).toMatchObject({untrained: true, tableRows: 19698});
    expect(bundle.manifest.architecture).toMatchObject({
      layers: 4,
      width: 128,
      heads: 4,
      expression: [256, 128, 128, 1]
    });
    expect(bundle.genes).toHaveLength(19656);
    const encoder = await openNodeEncoder(bundle, {precision: "fp32"});
    const result = await runSelfTest(bundle, encoder);
    await encoder.close();
    expect(result).toMatchObject({passed: true, cells: 26});
  }, 120_000);

  it("is left alone when it is there, and made again when its recipe has changed", async () => {
    const manifest = join(folder, "manifest.json");
    const before = (await stat(manifest)).mtimeMs;
    await ensureDemoModel({folder});
    expect((await stat(manifest)).mtimeMs).toBe(before);
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace("random-4l-128d", "random-old"));
    await ensureDemoModel({folder});
    expect(await readFile(manifest, "utf8")).toContain("random-4l-128d");
  }, 120_000);
});
