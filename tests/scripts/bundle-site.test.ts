import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {pathToFileURL} from "node:url";
import {afterEach, beforeEach, expect, test} from "vitest";
import {bundleSite} from "../../scripts/bundle-site.js";

const a = "aaaaaaaa";

/** What Framework writes of a page, of one in a folder, of their modules, a worker, a package and a file. */
const site: Record<string, string> = {
  "index.html": `<link rel="modulepreload" href="./_npm/package@1.0.0/${a}.js">
<link rel="modulepreload" href="./_import/components/views/one.${a}.js">
<link rel="modulepreload" href="./_import/components/core/shared.${a}.js">
<script type="module" src="./_import/first.${a}.js"></script>
<script type="module">const {one} = await import("./_import/components/views/one.${a}.js");</script>`,
  "deep/page.html": `<link rel="modulepreload" href="../_import/components/views/two.${a}.js">
<link rel="modulepreload" href="../_import/components/core/shared.${a}.js">
<script type="module">const {two} = await import("../_import/components/views/two.${a}.js");</script>`,
  [`_import/first.${a}.js`]: `globalThis.place = new URL("../first.js", import.meta.url).href;`,
  [`_import/components/views/one.${a}.js`]: `import {shared} from "../core/shared.${a}.js"; export const one = {shared};`,
  [`_import/components/views/two.${a}.js`]: `import {shared} from "../core/shared.${a}.js";
import packaged from "../../../_npm/package@1.0.0/${a}.js";
export const worker = () => import.meta.resolve("../runtime/work.worker.${a}.js");
export const folder = new URL("../../../data/model/", import.meta.url).href;
export const two = {shared, packaged};
export default 2;`,
  [`_import/components/core/shared.${a}.js`]: "export const shared = {};",
  [`_import/components/core/idle.${a}.js`]: "export const idle = {};",
  [`_import/components/runtime/work.worker.${a}.js`]: `import {shared} from "../core/shared.${a}.js"; console.log(shared);`,
  [`_npm/package@1.0.0/${a}.js`]: 'export default "from a package";',
  "data/model/manifest.json": "{}"
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bundle-"));
  write(site);
});
afterEach(() => rmSync(folder, {recursive: true}));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), text);
  }
}

const modules = () =>
  readdirSync(join(folder, "_import"), {recursive: true, encoding: "utf8"})
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".js"))
    .sort();
const text = (name: string) => readFileSync(join(folder, name), "utf8");
const plain = (name: string) => name.replace(/\.[0-9a-f]{8}\.js$/, "");

test("one file for all pages, one for a worker, one for a page's own script; what nothing names is gone", async () => {
  await bundleSite(folder);
  expect(modules().map(plain)).toEqual([
    "components/runtime/work.worker",
    "components/views/one",
    "components/views/two",
    "first",
    "pages"
  ]);
  expect(readdirSync(join(folder, "_import/components")).sort()).toEqual(["runtime", "views"]);
  expect(text(`_npm/package@1.0.0/${a}.js`)).toBe(site[`_npm/package@1.0.0/${a}.js`]);
});

test("cells import what they did; packages, files and the worker are found from where the modules are now", async () => {
  await bundleSite(folder);
  const at = (page: string) => {
    const path = /import\("([^"]+)"\)/.exec(text(page))![1]!;
    return import(new URL(path, pathToFileURL(join(folder, page))).href) as Promise<Record<string, unknown>>;
  };
  const [one, two] = [await at("index.html"), await at("deep/page.html")];
  expect(Object.keys(one)).toEqual(["one"]);
  expect(Object.keys(two).sort()).toEqual(["default", "folder", "two", "worker"]);
  expect(two["default"]).toBe(2);
  expect(two["two"]).toEqual({shared: {}, packaged: "from a package"});
  expect((two["two"] as {shared: object}).shared, "one copy for all pages").toBe(
    (one["one"] as {shared: object}).shared
  );
  expect(two["folder"]).toBe(pathToFileURL(join(folder, "data/model/")).href);
  const worker = modules().find((name) => name.includes("worker"));
  const pages = modules().find((name) => name.startsWith("pages"));
  expect(text(`_import/${pages}`)).toContain(`import.meta.resolve("./${worker}")`);
  expect(text(`_import/${modules().find((name) => name.startsWith("first"))}`)).toContain('new URL("../first.js"');
});

test("a worker that starts another finds it, whichever of them a module names first", async () => {
  const thread = `_import/components/runtime/thread.worker.${a}.js`;
  write({
    [`_import/components/core/idle.${a}.js`]: `export const idle = () => import.meta.resolve("../runtime/work.worker.${a}.js");`,
    [`_import/components/runtime/work.worker.${a}.js`]: `new Worker(import.meta.resolve("./thread.worker.${a}.js"));`,
    [thread]: "postMessage(0);"
  });
  await bundleSite(folder);
  const [now, worker] = ["/thread.", "/work."].map((part) => modules().find((name) => name.includes(part)));
  expect(text(`_import/${worker}`)).toContain(`import.meta.resolve("./${now!.split("/").at(-1)}")`);
});

test("pages preload what there is, once each", async () => {
  await bundleSite(folder);
  const pages = modules().find((name) => name.startsWith("pages"));
  const [one, two] = ["one", "two"].map((name) => modules().find((file) => file.includes(`/${name}.`)));
  const links = (page: string) => [...text(page).matchAll(/modulepreload" href="([^"]+)"/g)].map(([, href]) => href);
  expect(links("index.html")).toEqual([`./_npm/package@1.0.0/${a}.js`, `./_import/${one}`, `./_import/${pages}`]);
  expect(links("deep/page.html")).toEqual([
    `../_import/${two}`,
    `../_import/${pages}`,
    `../_npm/package@1.0.0/${a}.js`
  ]);
});

test("a changed module changes the name of every file that it is in, and of those that name them, and of no other", async () => {
  await bundleSite(folder);
  const before = modules();
  rmSync(folder, {recursive: true});
  write(site);
  write({[`_import/components/runtime/work.worker.${a}.js`]: 'console.log("another")'});
  await bundleSite(folder);
  expect(modules().map(plain)).toEqual(before.map(plain));
  expect(
    modules()
      .filter((name) => before.includes(name))
      .map(plain)
  ).toEqual(["first"]);
});
test("a site without modules stays as it is", async () => {
  rmSync(folder, {recursive: true});
  write({"index.html": "<!doctype html><title>One page</title>"});
  await bundleSite(folder);
  expect(text("index.html")).toBe("<!doctype html><title>One page</title>");
});
