import {execFileSync} from "node:child_process";
import {existsSync, lstatSync, readFileSync} from "node:fs";
import {expect, test} from "vitest";
import {filesBelow} from "./imports.js";

const sheets = filesBelow("src/styles", [".css"]);
const read = (file: string): string => readFileSync(file, "utf8");

/** Class names of the views that a text has, variables left out; "wb-recall-" for `wb-recall-${kind}`. */
const classesIn = (text: string): string[] => [...text.matchAll(/(?<![\w-])wb-[a-z][\w-]*/g)].map(([name]) => name);
const styled = new Map(
  sheets.flatMap((file) => [...read(file).matchAll(/\.(wb-[a-z][\w-]*)/g)].map(([, name]) => [name, file] as const))
);
const tracked = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "src", "tests", "scripts"],
  {
    encoding: "utf8"
  }
)
  .split("\n")
  .filter((file) => /\.(ts|js|md)$/.test(file) && existsSync(file) && !lstatSync(file).isSymbolicLink());

test("every class of the stylesheets is given by a view or a page", () => {
  const sources = tracked.filter((file) => file.startsWith("src/"));
  const given = new Set(sources.flatMap((file) => classesIn(read(file))));
  const stems = [...given].filter((name) => name.endsWith("-"));
  const dead = [...styled].filter(([name]) => !given.has(name) && !stems.some((stem) => name.startsWith(stem)));
  expect(dead.map(([name, file]) => `${file}: .${name}`)).toEqual([]);
});

test("every class that a view or a page gives has a rule, or is looked for by its name", () => {
  const wanted = new Set(
    tracked.flatMap((file) => [...read(file).matchAll(/\.(wb-[a-z][\w-]*)/g)].map(([, name]) => name))
  );
  const idle = tracked
    .filter((file) => file.startsWith("src/components/"))
    .flatMap((file) =>
      classesIn(read(file).replace(/\/\*[\s\S]*?\*\//g, ""))
        .filter((name) => !name.endsWith("-") && !styled.has(name) && !wanted.has(name))
        .map((name) => `${file}: ${name}`)
    );
  expect(idle).toEqual([]);
});

test("every stylesheet is imported once, and none is long", () => {
  const imported = [...read("src/style.css").matchAll(/url\("\.\/(styles\/[\w-]+\.css)"\)/g)].map(
    ([, name]) => `src/${name}`
  );
  expect([...imported].sort()).toEqual(sheets);
  expect(sheets.filter((file) => read(file).split("\n").length > 300)).toEqual([]);
});
