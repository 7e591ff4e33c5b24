import {statSync} from "node:fs";
import {join} from "node:path";
import {expect, test} from "vitest";
import {folderBundle} from "../../src/components/adapters/node-files.js";
import {openReference} from "../../src/components/core/reference/open-reference.js";
import {openNodeModel} from "../../src/components/runtime/node-model.js";

const folder = "src/data/reference-pbmc";

test("the reference that ships is of the embedded model, small, licensed, and tells kinds of cells apart", async () => {
  const {manifest, reference, calibration, map} = await openReference(folderBundle(folder), "subpop");
  expect(reference.model?.hash).toBe((await openNodeModel(undefined)).hash);
  const files = ["reference.json", "vectors.int8", "cells.arrow"];
  expect(files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThan(300_000);
  expect(manifest.license).toMatch(/CC BY 4\.0.*BSD-2-Clause/);
  expect(manifest.relativeError).toBeLessThan(0.01);
  expect(calibration.heldOut.accuracy).toBeGreaterThan(0.95);
  expect(map).toHaveLength(2 * manifest.cells);
  expect((await openReference(folderBundle(folder), null)).reference.names).toContain("B cell");
  expect((await openReference(folderBundle(folder), "celltype")).reference.names).toContain("CD19+ B");
});
