import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {columnAsText} from "../../../src/components/core/anndata/column.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import {writeDemoFile} from "../../../src/components/runtime/demo-file.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {demoIn} from "../../demo-file.js";
import {demoTissue} from "./demo-tissue.js";

test("the loader writes the tissue as an h5ad of at most 1.5 MB, the same bytes in each process and at any time", async () => {
  const folder = mkdtempSync(join(tmpdir(), "demo-"));
  try {
    // By a process of its own, as the site's build starts it.
    const bytes = readFileSync(demoIn(folder, "made.h5ad"));
    expect(bytes.length).toBeLessThan(1.5e6);
    const path = await writeDemoFile(folder);
    expect(Buffer.compare(readFileSync(path), bytes)).toBe(0);
    const anndata = openAnnData(await openH5File(path));
    const expected = demoTissue();
    const column = (name: string) => columnAsText(anndata.column("obs", name));
    expect(anndata.varNames()).toEqual(expected.symbols);
    expect(column("cell_type")).toEqual(expected.cellType);
    expect(column("donor")).toEqual(expected.donor);
    expect(column("quality")).toEqual(expected.quality);
    expect(column("doublet")).toEqual(expected.quality.map((quality) => (quality === "doublet" ? "true" : "false")));
    const blocks = [];
    for await (const block of streamRows(anndata, "X")) blocks.push(block);
    expect(blocks.length).toBe(1);
    const same = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).join() === Array.from(b).join();
    expect(same(blocks[0].indptr, expected.counts.indptr)).toBe(true);
    expect(same(blocks[0].indices, expected.counts.indices)).toBe(true);
    expect(same(blocks[0].values, expected.counts.values)).toBe(true);
    anndata.close();
  } finally {
    rmSync(folder, {recursive: true});
  }
}, 180_000);
