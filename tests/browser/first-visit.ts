import type {Page} from "playwright-core";
import {expect} from "vitest";

/** Addresses that the pages of a page's context ask for, from now on. */
export function askedBy(page: Page): ReadonlySet<string> {
  const asked = new Set<string>();
  page.context().on("request", (request) => asked.add(request.url()));
  return asked;
}

/** Expects a page of the workbook, the first one or another: its title, its heading, its language. */
export async function expectIndex(page: Page): Promise<void> {
  expect(await page.locator("h1").first().isVisible()).toBe(true);
  expect(await page.title()).toContain("UCE workbook");
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
}
