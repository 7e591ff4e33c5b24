import {readFileSync} from "node:fs";
import type {Page} from "playwright-core";

/** What a reader adds to the source of a page: three lines. */
const ownCell = `

\`\`\`js
const own = await map.table({invalidation});
const ownFigure = Plot.dot(own, {x: "x", y: "y"}).plot({className: "own-figure"});
display(ownFigure);
\`\`\`
`;

/** Source of the chapter on UMAP with a reader's own cell below it. */
export const ownPage = (): string => readFileSync("src/stages/umap.md", "utf8") + ownCell;

/** Waits for the figure of the reader's cell. */
export async function ownFigure(page: Page): Promise<void> {
  await page.waitForSelector("svg.own-figure circle", {timeout: 120_000});
}

/** Where the dots of that figure are. */
export const ownDots = (page: Page): Promise<number[][]> =>
  page.$$eval("svg.own-figure circle", (circles) =>
    circles.map((c) => [c.getAttribute("cx"), c.getAttribute("cy")].map(Number))
  );
