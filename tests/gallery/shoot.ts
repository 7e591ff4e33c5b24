// node --import tsx tests/gallery/shoot.ts FOLDER [SELECTOR]: the gallery of views as PNG files, at 1280 and 390 pixels, light and dark.
import {mkdirSync} from "node:fs";
import {join} from "node:path";
import {withSite} from "../browser/harness.js";

const [folder = "gallery-shots", selector] = process.argv.slice(2);
mkdirSync(folder, {recursive: true});

await withSite({mode: "preview", site: "tests/gallery"}, async ({url, newPage}) => {
  for (const width of [1280, 390]) {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await newPage({viewport: {width, height: 900}, colorScheme, reducedMotion: "reduce"});
      await page.goto(`${url}gallery`);
      await page.waitForFunction(
        () => document.querySelectorAll(".wb-map-canvas").length === 7 && document.querySelector(".wb-tableview")
      );
      await page.waitForTimeout(500);
      const path = join(folder, `gallery-${width}-${colorScheme}.png`);
      if (selector === undefined) await page.screenshot({path, fullPage: true});
      else await page.locator(selector).first().screenshot({path});
    }
  }
});
