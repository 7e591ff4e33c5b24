import type {Page} from "playwright-core";
import {expect} from "vitest";

const valuesOf = async (page: Page): Promise<Record<string, unknown>> =>
  JSON.parse((await page.locator("#values").textContent()) ?? "") as Record<string, unknown>;

/** Waits until a cell below an input has run with its new value. */
export const becomes = async (page: Page, name: string, value: unknown): Promise<void> =>
  await expect.poll(async () => (await valuesOf(page))[name]).toEqual(value);

/** Uses every input of the fixture's page of them at `url`: as implicit name, as import, and in a module. */
export async function useInputs(page: Page, url: string): Promise<void> {
  await page.goto(`${url}inputs`);
  await page.waitForSelector("#values", {state: "attached"});
  expect(await valuesOf(page)).toEqual({
    minDist: 0.1,
    neighbors: 15,
    color: "batch",
    method: "reference",
    log: true,
    name: "",
    runs: 0,
    rounds: 200,
    same: true
  });
  await page.getByRole("spinbutton", {name: "min_dist"}).fill("0.5");
  await becomes(page, "minDist", 0.5);
  expect(new URL(page.url()).search).toBe("?min_dist=0.5");
  await page.getByLabel("Color by").selectOption("cell type");
  await becomes(page, "color", "cell type");
  await page.getByLabel("top").check();
  await becomes(page, "method", "top");
  await page.getByLabel("Logarithmic").focus();
  await page.keyboard.press("Space");
  await becomes(page, "log", false);
  await page.getByLabel("Gene").fill("CD3D");
  await becomes(page, "name", "CD3D");
  await page.getByRole("button", {name: "Run"}).press("Enter");
  await becomes(page, "runs", 1);
  await page.getByRole("spinbutton", {name: "Epochs"}).fill("300");
  await becomes(page, "rounds", 300);
}
