import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {pathToFileURL} from "node:url";
import {afterAll, beforeAll, expect, test} from "vitest";
import {importSources} from "../../scripts/import-sources.js";

let folder: string;
const at = (name: string) => join(folder, name);
const kept = () => at("kept/entry.mjs");

/** Writes a source that has been there for a while. */
function source(name: string, text: string): void {
  writeFileSync(at(`src/${name}`), text);
  utimesSync(at(`src/${name}`), 1e9, 1e9 + text.length);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "import-sources-"));
  mkdirSync(at("src"));
  source("entry.ts", `export {value} from "./part.js"; export const place: string = import.meta.url;`);
  source("part.ts", "export const value: number = 1;");
});
afterAll(() => rmSync(folder, {recursive: true}));

test("a bundle is kept and used until a source changes; every source knows its own place", async () => {
  const place = pathToFileURL(at("src/entry.ts")).href;
  expect({...(await importSources(at("src/entry.ts"), at("kept")))}).toEqual({value: 1, place});
  const first = readFileSync(kept(), "utf8");
  // Used as it is: a mark in it stays.
  writeFileSync(kept(), `${first}// mark\n`);
  await importSources(at("src/entry.ts"), at("kept"));
  expect(readFileSync(kept(), "utf8")).toContain("// mark");
  source("part.ts", "export const value: number = 23;");
  await importSources(at("src/entry.ts"), at("kept"));
  expect(readFileSync(kept(), "utf8")).toContain("value = 23");
  expect(readdirSync(at("kept"))).toEqual(["entry.mjs"]);
});

test("packages are in the bundle, but for those that look for files beside themselves; it serves until packages are installed", async () => {
  source("packed.ts", `export {zipSync} from "fflate/browser"; export const load = () => import("h5wasm/node");`);
  // Found from where it lies, as all packages are.
  symlinkSync(resolve("node_modules"), at("node_modules"));
  const packed = () => importSources(at("src/packed.ts"), at("kept"));
  expect(await packed()).toMatchObject({zipSync: expect.any(Function)});
  const [state, ...text] = readFileSync(at("kept/packed.mjs"), "utf8").split("\n");
  expect(text.join("\n").match(/(from|import\() *"[^"]+"/g)).toEqual(['import("h5wasm/node"']);
  const parts = JSON.parse(state.slice(2)) as [string, number, number][];
  const names = [
    at("src/packed.ts"),
    "scripts/import-sources.js",
    "node_modules/.package-lock.json",
    at("src/packed.ts")
  ];
  expect(parts.map(([name]) => name)).toEqual(names.map((name) => resolve(name)));
  const before = parts.map(([name, size, changed]) => [name, size, changed - (name.endsWith(".json") ? 1 : 0)]);
  writeFileSync(at("kept/packed.mjs"), `//${JSON.stringify(before)}\n`);
  expect(await packed()).toMatchObject({zipSync: expect.any(Function)});
  expect(readFileSync(at("kept/packed.mjs"), "utf8")).toBe([state, ...text].join("\n"));
  rmSync(at("kept/packed.mjs"));
});

test("one that is damaged, or of other sources, is made anew", async () => {
  for (const other of ["", "//[]\n", `//${JSON.stringify([[at("src/part.ts"), 1, 1]])}\nexport const value = 5;`]) {
    writeFileSync(kept(), other);
    await importSources(at("src/entry.ts"), at("kept"));
    expect(readFileSync(kept(), "utf8")).toContain("value = 23");
  }
});

test("a source that changes at this moment is not kept; where nothing can be kept, the module is there all the same", async () => {
  source("late.ts", "export const value = 7;");
  utimesSync(at("src/late.ts"), Date.now() / 1000 + 60, Date.now() / 1000 + 60);
  expect({...(await importSources(at("src/late.ts"), at("kept")))}).toEqual({value: 7});
  expect(existsSync(at("kept/late.mjs"))).toBe(false);
  writeFileSync(at("file"), "");
  source("other.ts", "export const value = 8;");
  expect({...(await importSources(at("src/other.ts"), at("file")))}).toEqual({value: 8});
});
