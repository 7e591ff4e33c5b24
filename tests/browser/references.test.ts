import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test, vi} from "vitest";
import {createRandom} from "../../src/components/core/random.js";
import type {ObsColumn} from "../../src/components/core/tables/cells.js";
import {embeddingsTable} from "../../src/components/core/tables/embeddings.js";
import {tableToFileBytes} from "../../src/components/core/tables/file.js";
import {joinedTable} from "../../src/components/core/tables/joined.js";
import type {Provenance} from "../../src/components/core/tables/provenance.js";
import {fileSite} from "./file-site.js";
import {pageWithRun} from "./seeded.js";
import {settled} from "./workbook-page.js";

vi.setConfig({testTimeout: 120_000});

const site = fileSite({coi: true, serviceWorkers: "none"});
let folder: string;
/** Embeddings of another program with two columns of labels. */
let table: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "references-"));
  table = join(folder, "mine.arrow");
  writeFileSync(table, tableToFileBytes(labeledTable()));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** 60 cells as wide as the embedded model's, in two clouds. */
function labeledTable() {
  const random = createRandom(1);
  const [cells, width] = [60, 128];
  const vectors = Float32Array.from({length: cells * width}, (_, at) => {
    const isFirst = Math.floor(at / width) % 2 === 0;
    return 0.1 * random.normal() + (at % width === (isFirst ? 0 : 1) ? 1 : 0);
  });
  const cellIds = Array.from({length: cells}, (_, i) => `c${i}`);
  const own = {rows: Int32Array.from(cellIds.keys()), cellIds, status: cellIds.map(() => "ok" as const)};
  const provenance: Provenance = {
    format: 1,
    stage: "embed",
    software: {name: "another", version: "1"},
    source: {name: "x.h5ad", bytes: 1, identity: "1"},
    parameters: {}
  };
  const obs: ObsColumn[] = ["kind", "side"].map((name) => ({
    name,
    kind: "text",
    values: cellIds.map((_, i) => `${name} ${1 + (i % 2)}`)
  }));
  const nTokens = new Int32Array(cells).fill(5);
  return joinedTable({embeddings: embeddingsTable({...own, nTokens, vectors, width}, provenance), obs});
}

test("a reference of another model is refused by name, and no host is asked before one agrees; a table of one's own is asked for its labels, kept, used, found again after a reload, and removed", async () => {
  // Sentences of 48 genes make another model of the embedded one, so the site's own reference does not fit.
  const page = await pageWithRun(site(), 48);
  await page.goto(`${site().url}reference`);
  await settled(page, "demo.h5ad");
  const input = page.locator(".wb-reference");
  const line = input.locator(".wb-model-line");
  await expect.poll(() => line.textContent(), {timeout: 60_000}).toContain("none of the model UCE small, human");
  await input.locator(":scope > summary").click();
  const give = (paths: string[]) => input.locator("input[data-pick=files]").setInputFiles(paths);
  await give(["reference.json", "vectors.int8", "cells.arrow"].map((name) => join("src/data/reference-pbmc", name)));
  await input
    .locator('[data-code="other-model"]', {hasText: "sorted blood cells (Zheng 2017) was made by the model"})
    .waitFor();
  await input.locator("input[type=url]").fill("https://example.org/references/blood/");
  await input.getByRole("button", {name: "Look …"}).click();
  await input.getByRole("heading", {name: "Read blood from example.org?"}).waitFor();
  await input.getByRole("button", {name: "Not now"}).click();
  await give([table]);
  await input.getByRole("combobox", {name: "Column of labels"}).selectOption("side");
  await input.getByRole("button", {name: "Use these labels"}).click();
  await expect.poll(() => line.textContent()).toBe("Reference: mine 60 cells, labels side");
  await input.locator('[data-code="model-unknown"]').waitFor();
  // The demo's cells are nothing like it, but each is compared, and has a place on its map.
  await page.locator(".wb-label-words", {hasText: /^All cells\. .*260 cells/}).waitFor();
  await page.locator(".wb-reference-map", {hasText: "260 cells of yours"}).waitFor();
  await expect
    .poll(() => page.locator(".wb-storage").textContent())
    .toMatch(/2 references \(.*removed under Reference/);
  await page.reload();
  await expect.poll(() => line.textContent(), {timeout: 60_000}).toBe("Reference: mine 60 cells, labels side");
  await input.locator(":scope > summary").click();
  await input.getByRole("button", {name: "Remove mine"}).click();
  await input.getByRole("button", {name: "Remove it"}).click();
  await expect.poll(() => line.textContent()).toContain("none of the model");
});
