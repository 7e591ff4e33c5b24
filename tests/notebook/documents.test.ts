import {readFileSync} from "node:fs";
import {expect, test} from "vitest";
import {questions} from "../../src/components/core/questions/index.js";

const text = readFileSync("docs/notebook.md", "utf8");
const between = (start: string, end: string) => {
  const from = text.indexOf(start);
  expect(from, start).toBeGreaterThanOrEqual(0);
  return text.slice(from, text.indexOf(end, from));
};
const namesIn = (part: string, pattern: RegExp) => [...part.matchAll(pattern)].map(([, name]) => name);
const exportsOf = (file: string) =>
  namesIn(readFileSync(file, "utf8"), /^export \{([^}]*)\}/gm).flatMap((list) =>
    list.split(",").map((name) => name.trim())
  );

test("docs/notebook.md names every function of the notebook, and none that it lacks", () => {
  const notebook = exportsOf("src/components/notebook/index.ts");
  expect(notebook.length).toBeGreaterThan(50);
  expect(notebook.filter((name) => !new RegExp(`\\b${name}\\(`).test(text))).toEqual([]);
  const tables = between("| input |", "Figures are in").split("\n");
  const named = tables.flatMap((line) => namesIn(line.split("|")[1] ?? "", /`(\w+)\(/g));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((name) => !notebook.includes(name))).toEqual([]);
  const figures = new Set(exportsOf("src/components/views/index.ts"));
  const drawn = namesIn(between("Figures are in", "## Recipes"), /`(\w+)`/g);
  expect(drawn).toHaveLength(6);
  expect(drawn.filter((name) => !figures.has(name))).toEqual([]);
});

test("docs/notebook.md names questions that can be asked", () => {
  const table = between("| question |", "Questions about vectors");
  const first = table.split("\n").flatMap((line) => namesIn(line.split("|")[1] ?? "", /`(\w+)`/g));
  expect(first.length).toBeGreaterThan(10);
  expect(first.filter((name) => !(name in questions))).toEqual([]);
});

test("Framework still does not see an await in the body of a loop, as the traps say", async () => {
  // Framework's own parser of cells, which comes without types.
  const parser = "@observablehq/framework/dist/javascript/parse.js";
  const {parseJavaScript} = (await import(parser)) as {
    parseJavaScript(code: string, options: {path: string}): {async: boolean};
  };
  const isAsync = (code: string) => parseJavaScript(code, {path: "/page.md"}).async;
  expect(isAsync("const table = await map.table();")).toBe(true);
  expect(isAsync("for (const stage of stages) { await stage.table(); }")).toBe(false);
  expect(isAsync("for await (const frame of frames) { draw(frame); }")).toBe(true);
});
