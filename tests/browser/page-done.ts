import type {Page} from "playwright-core";
import {expect} from "vitest";
import {shiftOf} from "./shifts.js";

/** A screen, and how much of the first page's map is to be seen on it at the least, CSS pixels. */
export interface Screen {
  viewport: {width: number; height: number};
  seen: number;
}

export const screens = {
  wide: {viewport: {width: 1280, height: 900}, seen: 300},
  narrow: {viewport: {width: 390, height: 844}, seen: 200}
} satisfies Record<string, Screen>;

/** What pages have once they are done that show no chain, but for the model card, which waits for nothing. */
const chainless: Record<string, string> = {
  benchmarks: ".wb-bench-panel",
  "model-card": "h1",
  models: '.wb-data[data-state="open"]',
  parity: ".wb-parity"
};

/**
 * Waits until a page's chain is done, where it has one, and what follows had a moment to move. Of a model with short sentences there is no reference:
 * the page of references says so, and asks nothing of its chain.
 */
export async function pageDone(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    ([name, own]) => {
      if (document.querySelector("observablehq-loading") !== null) return false;
      if (own !== undefined) return document.querySelector(own) !== null;
      if (
        name === "reference" &&
        document.querySelector("main")!.innerText.includes("No reference of this model is here")
      )
        return true;
      const cards = [...document.querySelectorAll<HTMLElement>("[data-stage]")];
      return cards.length > 0 && cards.every(({dataset}) => dataset["state"] === "done");
    },
    [name, chainless[name]] as const,
    {timeout: 120_000}
  );
  await page.waitForTimeout(300);
}

/** Upper edge of the first map of a page, CSS pixels below the screen's. */
export function mapTop(page: Page): Promise<number> {
  return page
    .locator(".wb-map-frame")
    .first()
    .evaluate((frame) => frame.getBoundingClientRect().top);
}

/**
 * What has moved on a page (`keepShifts`) once it is done, where that is seen; none is as it should be. Expects that it scrolls in one direction only,
 * and of the first page that the map is on the screen.
 */
export async function movedOn(page: Page, name: string, {viewport, seen}: Screen): Promise<string[]> {
  await pageDone(page, name);
  const {score, what} = await shiftOf(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(viewport.width);
  if (name === "index") expect(await mapTop(page), "top of the map").toBeLessThan(viewport.height - seen);
  return score > 0.05 ? [`${name}: ${score.toFixed(3)} ${what}`] : [];
}

/** Expects of a page that was opened on a phone (after `keepShifts`) that it has not moved under its reader. */
export async function expectStill(page: Page, name: string): Promise<void> {
  expect(await movedOn(page, name, screens.narrow)).toEqual([]);
}
