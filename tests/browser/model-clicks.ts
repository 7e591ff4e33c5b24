import type {Page} from "playwright-core";
import {expect} from "vitest";

/** Names of the files of a folder of the browser's store. */
export function stored(page: Page, folder: string): Promise<string[]> {
  return page.evaluate(async (folder) => {
    const names: string[] = [];
    const walk = async (at: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, handle] of at as unknown as AsyncIterable<[string, FileSystemHandle]>) {
        if (handle.kind === "directory") await walk(handle as FileSystemDirectoryHandle, `${path}${name}/`);
        else names.push(path + name);
      }
    };
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("uce-workbook-1", {create: true});
    await walk(await root.getDirectoryHandle(folder, {create: true}), "");
    return names;
  }, folder);
}

/** Types an address by keyboard, and comes to the question before anything is fetched. */
export async function askFor(page: Page, address: string): Promise<void> {
  await page.locator(".wb-model-offers input[type=url]").first().fill(address);
  await page.keyboard.press("Enter");
  await page.locator(".wb-model-consent h3").waitFor();
}

/** Agrees to what is asked. */
export const agree = (page: Page) => page.locator(".wb-model-consent .wb-button-main").click();

/** Measures smaller variants on the demo's cells until it is known how long that takes, cancels, and is offered to go on. */
export async function measureAndCancel(page: Page): Promise<void> {
  const facts = page.locator(".wb-model-kept dd", {hasText: "not measured: float16 (about"});
  expect(await facts.first().textContent()).toMatch(/and 8 bit \(about [\d.]+ kB\)$/);
  await page.getByRole("button", {name: "Make it smaller"}).click();
  const question = page.locator(".wb-model-consent");
  await question.getByText("Nothing leaves this machine").waitFor();
  await question.getByRole("button", {name: "Measure on 260 cells of demo.h5ad"}).click();
  const progress = page.locator(".wb-model-progress");
  await progress.getByText(/of [\d,]+ sentences/).waitFor();
  await progress.getByText("at most. A variant is left out as soon as it clearly misses its limits.").waitFor();
  await progress.getByRole("button", {name: "Cancel"}).click();
  await page.locator('.wb-model [data-code="measuring-ended"]').waitFor();
  expect((await stored(page, "measuring")).length).toBeGreaterThan(0);
  await page.getByRole("button", {name: "Go on making it smaller"}).waitFor();
}
