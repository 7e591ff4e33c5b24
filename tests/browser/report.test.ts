import {mkdirSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Browser} from "playwright-core";
import {afterAll, beforeAll, expect, test} from "vitest";
import {cli} from "../runtime/cli/run-program.js";
import {sharedChromium} from "./chromium.js";

let folder: string;
let browser: Browser;
let server: Server;
const cells = "tests/fixtures/anndata/columns.h5ad";
const published = ["--color", "category,float64", "--title", "A_report_whose_name_no_line_of_a_phone_can_hold"];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "report-page-"));
  mkdirSync(join(folder, "lab"));
  expect((await cli("report", cells, "--out", join(folder, "lab/x"), ...published)).status).toBe(0);
  expect((await cli("report", cells, "--single-file", "--out", join(folder, "one.html"), ...published)).status).toBe(0);
  // Sends no header but the kind.
  server = createServer(({url = "/"}, response) => {
    const path = url.endsWith("/") ? `${url}index.html` : url;
    response.setHeader(
      "Content-Type",
      path.endsWith(".css") ? "text/css" : path.endsWith(".html") ? "text/html" : "image/svg+xml"
    );
    response.end(readFileSync(join(folder, path)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await sharedChromium();
}, 60_000);

afterAll(() => {
  server.close();
  rmSync(folder, {recursive: true});
});

test("opens from a sub-path and from disk, in both modes, asks for nothing else, says nothing, and axe-core finds nothing", async () => {
  const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
  const {port} = server.address() as AddressInfo;
  const places = [`http://127.0.0.1:${port}/lab/x/`, `file://${folder}/lab/x/index.html`, `file://${folder}/one.html`];
  for (const [i, place] of places.entries()) {
    const colorScheme = i === 1 ? "dark" : "light";
    const width = i === 1 ? 390 : 1280;
    const context = await browser.newContext({colorScheme, viewport: {width, height: 900}});
    const page = await context.newPage();
    const said: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(place);
    const root = place.replace(/index\.html$/, "");
    expect(asked).toEqual(place.endsWith("one.html") ? [place] : [place, `${root}style.css`]);
    const drawn = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - innerWidth,
      drawings: [...document.querySelectorAll("figure > svg")].map((svg) => svg.getBoundingClientRect().width > 200),
      stroke: getComputedStyle(document.querySelector(".c0")!).stroke,
      paper: getComputedStyle(document.body).backgroundColor
    }));
    expect(drawn.wide).toBeLessThanOrEqual(0);
    expect(drawn.drawings.length).toBeGreaterThan(4);
    expect(drawn.drawings).not.toContain(false);
    expect(drawn.paper).toBe(colorScheme === "dark" ? "rgb(22, 22, 22)" : "rgb(255, 255, 255)");
    expect(drawn.stroke).not.toBe("none");
    if (i < 2) {
      // A link leads to a group, which then stands alone on its map; the address is all that it needs.
      const group = await page.locator(".legend a").nth(1).getAttribute("href");
      await page.goto(`${place}${group}`);
      const shown = await page.evaluate((id) => {
        const figure = document.getElementById(id)!.closest("figure")!;
        const opacity = (name: string) => getComputedStyle(figure.querySelector(`.map path.${name}`)!).opacity;
        return {own: opacity("c1"), other: opacity("c0"), all: figure.querySelector(".all")!.checkVisibility()};
      }, group!.slice(1));
      expect(shown).toEqual({own: "1", other: "0.12", all: true});
      await page.emulateMedia({media: "print"});
      expect(await page.evaluate(() => getComputedStyle(document.querySelector("nav")!).display)).toBe("none");
      expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(21, 23, 27)");
      await page.emulateMedia({media: null});
    }
    // A script by the page itself is refused; a debugger's is not.
    await page.evaluate(() =>
      document.body.append(Object.assign(document.createElement("script"), {textContent: "window.ran = 1"}))
    );
    expect(await page.evaluate(() => "ran" in window)).toBe(false);
    expect(said.filter((text) => !/Content Security Policy/.test(text))).toEqual([]);
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      interface Violation {
        id: string;
        nodes: {html: string}[];
      }
      const {axe: judge} = window as unknown as {axe: {run(): Promise<{violations: Violation[]}>}};
      return (await judge.run()).violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`);
    });
    expect(found).toEqual([]);
    await context.close();
  }
}, 60_000);
