import {expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import type {ExpectedValues} from "../../src/components/core/parity/expected-values.js";
import {withSite} from "./harness.js";
import {expectReadable} from "./readable.js";

vi.setConfig({testTimeout: 400_000});

/** Verdicts of the page's rows by id, once they are there. */
async function verdicts(page: Page): Promise<Record<string, boolean>> {
  await page.locator(".wb-parity-summary").waitFor({timeout: 200_000});
  const rows = await page
    .locator(".wb-parity tr[data-row]")
    .evaluateAll((all) => all.map((row) => [row.getAttribute("data-row"), row.getAttribute("data-passed") === "true"]));
  return Object.fromEntries(rows) as Record<string, boolean>;
}

/** The expected values of the first `n` cells. */
function ofFirst(n: number, expected: ExpectedValues): ExpectedValues {
  const variants = expected.variants.map((variant) => {
    const {type, shape, base64} = variant.vectors;
    const vectors = Buffer.from(base64, "base64").subarray(0, n * shape[1] * (type === "float64" ? 8 : 4));
    return {...variant, vectors: {type, shape: [n, shape[1]], base64: vectors.toString("base64")}};
  });
  return {...expected, cells: expected.cells.slice(0, n), variants};
}

test("every stage is the reference's in this browser, every control fails, all of it can be read, and a damaged weight turns its layer red", async () => {
  await withSite({coi: true}, async ({url, newPage}) => {
    const page = await newPage({viewport: {width: 1280, height: 900}, reducedMotion: "reduce"});
    await page.goto(`${url}parity`);
    const found = await verdicts(page);
    expect(Object.keys(found).sort()).toEqual(
      ["probabilities", "cdf", "draws", "sentence", "files", "folding", "table", "vector", "logits"]
        .concat(["layer-1", "layer-2", "layer-3", "layer-4"])
        .sort()
    );
    expect(Object.entries(found).filter(([, passed]) => !passed)).toEqual([]);
    const controls = page.locator(".wb-parity-controls [data-caught]");
    expect(await controls.count()).toBeGreaterThan(20);
    expect(await page.locator('.wb-parity-controls [data-caught="false"]').count()).toBe(0);
    expect(await page.locator('[data-row="vector"]').textContent()).toContain("the vectors of 24 cells");
    expect(await page.locator(".wb-parity-summary").textContent()).toMatch(/All 13 comparisons pass/);
    await expectReadable(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

    // One byte of one weight of the third layer: its block of 32 weights stands 100 steps elsewhere.
    await page.context().route("**/data/model/encoder.int8.safetensors*", async (route) => {
      const response = await route.fetch();
      const bytes = await response.body();
      const length = Number(bytes.readBigUInt64LE(0));
      const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, {data_offsets: number[]}>;
      const at = 8 + length + header["layers.2.attention.value.weight"].data_offsets[0] + 70;
      bytes[at] = bytes[at] > 127 ? 1 : 255;
      await route.fulfill({response, body: bytes});
    });
    // Four cells show it as well as all.
    await page.context().route(/\/parity\.[^/]*json/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({response, json: ofFirst(4, (await response.json()) as ExpectedValues)});
    });
    await page.reload();
    const damaged = await verdicts(page);
    const wrong = Object.entries(damaged).filter(([, passed]) => !passed);
    expect(await page.locator('[data-row="vector"]').textContent()).toContain("the vectors of 4 cells");
    expect(wrong.map(([id]) => id).sort()).toEqual(["files", "layer-3", "layer-4", "vector"]);
    expect(await page.locator('[data-row="files"]').textContent()).toContain("damaged: encoder.int8.safetensors");
  });
});
