import type {Page} from "playwright-core";

/** Waits until the page of answers shows the map of `cells` cells. */
export async function answersReady(page: Page, cells: string, timeout = 60_000): Promise<void> {
  await page.locator(".wb-linked-map").first().getByText(`${cells} cells placed by UMAP`).waitFor({timeout});
  await page
    .locator(".wb-shares")
    .getByText("Select cells on the map to see what they are made of.")
    .waitFor({timeout});
}

/** What a lasso cost the page. */
export interface LassoCost {
  /** Cells that it selected. */
  cells: number;
  /** From the release of the pointer to the composition's figure, ms. */
  milliseconds: number;
  /** The longest time between two frames until one second later, ms. */
  longestFrame: number;
}

async function takeLasso(page: Page): Promise<void> {
  const tool = page.getByRole("button", {name: "Select with a lasso"}).first();
  if ((await tool.getAttribute("aria-pressed")) !== "true") await tool.click();
}

/** Draws round the part of the first map between these shares of its width and height. */
export async function lasso(page: Page, [left, top, right, bottom]: [number, number, number, number]): Promise<void> {
  await takeLasso(page);
  const canvas = page.locator(".wb-linked .wb-map-canvas").first();
  await canvas.scrollIntoViewIfNeeded();
  const {x, y, width, height} = (await canvas.boundingBox())!;
  const go = (right: number, down: number) => page.mouse.move(x + right * width, y + down * height, {steps: 3});
  await go(left, top);
  await page.mouse.down();
  await go(right, top);
  await go(right, bottom);
  await go(left, bottom);
  await page.mouse.up();
}

/** Draws a lasso round the middle of the map and measures, in the page, what follows. */
export async function lassoToComposition(page: Page): Promise<LassoCost> {
  await takeLasso(page);
  // As text, because tsx names functions by a helper that the page does not have.
  await page.evaluate(`window.lassoCost = new Promise((resolve) => {
    addEventListener("pointerup", () => {
      const start = performance.now();
      let [last, longest, done] = [start, 0, null];
      const tick = (now) => {
        longest = Math.max(longest, now - last);
        last = now;
        if (done === null || now < done + 1000) return requestAnimationFrame(tick);
        const cells = document.querySelector(".wb-linked").value.length;
        resolve({cells, milliseconds: done - start, longestFrame: longest});
      };
      requestAnimationFrame(tick);
      const shares = document.querySelector(".wb-shares");
      const observer = new MutationObserver(() => {
        if (shares.querySelector("tbody tr") === null) return;
        done ??= performance.now();
        observer.disconnect();
      });
      observer.observe(shares, {childList: true, subtree: true});
    }, {once: true, capture: true});
  }); null`);
  await lasso(page, [0.2, 0.2, 0.8, 0.8]);
  return page.evaluate<LassoCost>("window.lassoCost");
}
