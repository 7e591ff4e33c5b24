import {spawnSync} from "node:child_process";
import {cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync} from "node:fs";
import {builtinModules} from "node:module";
import {join, resolve} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import {cli} from "../runtime/cli/run-program.js";
import {withSite} from "../browser/harness.js";
import {installPackage, type Installed} from "./installed.js";

vi.setConfig({testTimeout: 300_000});

/** Cells of the demo that each of the users maps. */
const cells = 24;
let installed: Installed;
beforeAll(async () => {
  const tools = ["@observablehq/framework", "typescript"];
  installed = await installPackage({genes: 48, tools});
});
afterAll(() => installed?.remove());

/** The package of a name that a module imports: "a" of "a/b", "@a/b" of "@a/b/c". */
function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

function project(name: string, files: Record<string, string>): string {
  const folder = join(installed.folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), {recursive: true});
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function node(args: string[], cwd: string, env: Record<string, string> = {}): {stdout: string; stderr: string} {
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    env: {...process.env, ...env}
  });
  expect({status, stdout: status === 0 ? "" : stdout, stderr}).toEqual({status: 0, stdout: "", stderr: ""});
  return {stdout, stderr};
}

/** Positions that a page drew, by the circles of its plot. */
async function circlesOf(page: Page): Promise<number[][]> {
  await page.waitForSelector("svg circle", {timeout: 120_000});
  return await page.$$eval("svg circle", (circles) =>
    circles.map((circle) => ["cx", "cy"].map((name) => Number(circle.getAttribute(name))))
  );
}

function expectMap(positions: number[][]): void {
  expect(positions).toHaveLength(cells);
  expect(positions.flat().every(Number.isFinite)).toBe(true);
  const apart = new Set(positions.map((place) => place.map((value) => value.toFixed(3)).join()));
  expect(apart.size).toBeGreaterThan(cells / 2);
}

describe("the packed package", () => {
  test("holds what it promises, and nothing that npm or a host would refuse", () => {
    const {size, unpackedSize, files: packed} = installed.packed;
    expect(size).toBeLessThan(40e6);
    expect(unpackedSize).toBeLessThan(100e6);
    const files = readdirSync(installed.package, {recursive: true}).map((name) => String(name).replaceAll("\\", "/"));
    expect(
      packed
        .map(({path}) => path)
        .filter((path) => !path.startsWith("lib/"))
        .sort()
    ).toEqual(["LICENSE", "README.md", "package.json"]);
    const names = ["browser.js", "node.js", "views.js", "workbook.worker.js", "style.css", "LICENSES.txt", "README.md"];
    for (const name of names) expect(files).toContain(`lib/${name}`);
    // No source, no test, no folder of this machine.
    expect(files.filter((name) => /(?<!\.d)\.ts$|\.test\.|\.map$/.test(name))).toEqual([]);
    const texts = files.filter((name) => /\.(js|json|ts|css)$/.test(name));
    const telling = texts.filter((name) => readFileSync(join(installed.package, name), "utf8").includes(resolve(".")));
    expect(telling).toEqual([]);
  });

  test("is what package.json says: each entry is there, and each dependency is one that Node's entry imports", () => {
    const {exports, dependencies} = JSON.parse(readFileSync(join(installed.package, "package.json"), "utf8")) as {
      exports: object;
      dependencies: Record<string, string>;
    };
    const paths = [...JSON.stringify(exports).matchAll(/"(\.\/lib\/[^"*]+)"/g)].map(([, path]) => path);
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(installed.package, path)))).toEqual([]);
    const entry = readFileSync(join(installed.package, "lib/node.js"), "utf8");
    const imported = [...entry.matchAll(/(?:from|import|resolve)\s*\(?\s*"((?!node:)[@\w][\w@/.-]*)"/g)].map(
      ([, name]) => packageOf(name)
    );
    expect([...new Set(imported)].filter((name) => !builtinModules.includes(name)).sort()).toEqual(
      Object.keys(dependencies).sort()
    );
  });

  test("has types that a project resolves as bundlers do, and as Node does", () => {
    const code = `
      import {openFile, load, normalize, sample, embed, umap, ask, placedCells, type Stage} from "uce-workbook";
      import {openFile as open} from "uce-workbook/node";
      import {fileInput, fill} from "uce-workbook/browser";
      import {coloredMap} from "uce-workbook/views";
      const file = await open("cells.h5ad");
      const embeddings: Stage = embed(sample(normalize(load(file, {cells: {mode: "all"}})), {method: "reference"}));
      const near: number | undefined = (await ask(embeddings, "cellNeighbors", {row: 0, k: 5}))?.rows[0];
      const {positions} = placedCells(await umap(embeddings, {minDist: 0.3}).table());
      export {positions, near, fileInput, fill, coloredMap, openFile};
      // @ts-expect-error: a stage is no promise of a table
      umap(embeddings).numRows;
    `;
    const base = {
      strict: true,
      noEmit: true,
      target: "ES2022",
      lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"]
    };
    const options = {...base, types: [], skipLibCheck: false};
    const config = (more: object) => JSON.stringify({compilerOptions: {...options, ...more}, files: ["map.ts"]});
    const folder = project("types", {
      "map.ts": code,
      "package.json": '{"type": "module"}',
      "bundler.json": config({module: "ESNext", moduleResolution: "bundler"}),
      "node.json": config({module: "NodeNext", moduleResolution: "nodenext"})
    });
    for (const name of ["bundler.json", "node.json"]) {
      const {stdout} = spawnSync(process.execPath, [resolve("node_modules/typescript/bin/tsc"), "-p", name], {
        cwd: folder,
        encoding: "utf8"
      });
      expect(`${name}: ${stdout}`).toBe(`${name}: `);
    }
  });
});

describe("outside users of the package map the demo", () => {
  test("in Node, with a script of ten lines", () => {
    const script = `import {openFile, load, normalize, sample, embed, umap} from "uce-workbook";

const file = await openFile(process.argv[2]);
const counts = load(file, {cells: {mode: "random", n: ${cells}, seed: 1}});
const embeddings = embed(sample(normalize(counts)));
const map = umap(embeddings, {neighbors: 15, minDist: 0.1, seed: 42});
const table = await map.table();
for (const {cell_id, x, y} of table) console.log([cell_id, x, y].join("\\t"));
`;
    const folder = project("script", {"map.mjs": script});
    // Another name for the user's folder: nothing may be written there.
    const home = join(folder, "home");
    mkdirSync(home);
    const {stdout} = node(["map.mjs", join(installed.package, "lib/demo.h5ad")], folder, {
      HOME: home,
      XDG_CACHE_HOME: home
    });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => line.split("\t"));
    expect(new Set(lines.map(([id]) => id)).size).toBe(cells);
    expectMap(lines.map(([, x, y]) => [Number(x), Number(y)]));
    expect(readdirSync(home, {recursive: true})).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(["home", "map.mjs"]);
  });

  test("in a plain page, without a bundler, from a plain static server", async () => {
    const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8"><link rel="icon" href="data:,">
<title>A map</title>
<svg id="map" viewBox="-20 -20 40 40" width="600"></svg>
<script type="module">
import {openFile, load, normalize, sample, embed, umap} from "./uce-workbook/lib/browser.js";

const file = await openFile("./uce-workbook/lib/demo.h5ad");
const counts = load(file, {cells: {mode: "random", n: ${cells}, seed: 1}});
const map = umap(embed(sample(normalize(counts))));
for (const {x, y} of await map.table()) {
  const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [name, value] of Object.entries({cx: x, cy: y, r: 0.2})) circle.setAttribute(name, value);
  document.querySelector("#map").append(circle);
}
</script>
`;
    const folder = project("plain", {"index.html": page});
    symlinkSync(installed.package, join(folder, "uce-workbook"), "junction");
    await withSite({folder}, async ({url, newPage}) => {
      const page = await newPage();
      await page.goto(url);
      expectMap(await circlesOf(page));
    });
  });

  test("in a project of Observable Framework: the source of a report, with a cell and a page that were added", async () => {
    const folder = await reportSource();
    const bin = resolve("node_modules/@observablehq/framework/dist/bin/observable.js");
    const {status, stdout, stderr} = spawnSync(process.execPath, [bin, "build"], {cwd: folder, encoding: "utf8"});
    expect({status, stderr, said: status === 0 ? "" : stdout}).toEqual({status: 0, stderr: "", said: ""});
    await withSite({folder: join(folder, "dist")}, async ({url, newPage}) => {
      const report = await newPage();
      await report.goto(url);
      // The added cell: each cell of the file once, by its counts.
      expect(await circlesOf(report)).toHaveLength(cells);
      await report.getByRole("heading", {name: "A lab's ${report}", exact: true}).waitFor();
      const legend = report.locator(".wb-mapgrid").first();
      await legend.getByText("excitatory neuron").first().waitFor();
      expect(await report.locator("svg g[aria-label=rect] rect").count()).toBeGreaterThan(10);
      expect(await report.locator("form[class*=-table]").count()).toBeGreaterThanOrEqual(4);
      expect(await report.locator(".observablehq--error").count()).toBe(0);
      await report.close();
      const page = await newPage();
      await page.goto(`${url}deep/map`);
      expectMap(await circlesOf(page));
      expect(await page.locator(".observablehq--error").count()).toBe(0);
      await page.getByText("Cells of a selection").waitFor();
    });
  });
});

/** What `report --keep-source` leaves, with one more cell on its page and one more page. */
async function reportSource(): Promise<string> {
  const folder = join(installed.folder, "source");
  const demo = join(installed.package, "lib/demo.h5ad");
  const told = await cli(
    ...["report", demo, "--rows", `0-${cells - 1}`, "--out", join(installed.folder, "site"), "--keep-source", folder],
    ...["--color", "cell_type", "--title", "A lab's ${report}"]
  );
  expect(told.status, told.errors).toBe(0);
  const needs = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  expect(Object.keys(needs.dependencies)).toEqual(["@observablehq/framework", "uce-workbook"]);
  expect(needs.dependencies["uce-workbook"]).toBe(`file:${installed.packed.filename}`);
  const page = join(folder, "src/index.md");
  const added = 'Plot.plot({marks: [Plot.dot(table, {x: "total_counts", y: "n_genes"})]})';
  writeFileSync(page, `${readFileSync(page, "utf8")}\n\`\`\`js\n${added}\n\`\`\`\n`);
  mkdirSync(join(folder, "src/deep"));
  writeFileSync(join(folder, "src/deep/map.md"), mapPage);
  cpSync(demo, join(folder, "src/demo.h5ad"));
  return folder;
}

const mapPage = `# Our cells

\`\`\`js echo
import {openFile, load, normalize, sample, embed, umap} from "uce-workbook";
import {coloredMap} from "uce-workbook/views";
\`\`\`

\`\`\`js echo
const file = await openFile(FileAttachment("../demo.h5ad"));
const counts = load(file, {cells: {mode: "random", n: ${cells}, seed: 1}});
const map = umap(embed(sample(normalize(counts))));
\`\`\`

\`\`\`js echo
const table = await map.table({invalidation});
display(Plot.plot({marks: [Plot.dot(table, {x: "x", y: "y"})]}));
\`\`\`

\`\`\`js
display(coloredMap({title: "Cells of a selection", message: "Cells of a selection"}));
\`\`\`
`;
